package api

import (
	"encoding/base64"
	"time"

	"callout/dispatch"
	"callout/evidence"
	"callout/internal/fault"

	"github.com/google/uuid"
)

func (s *Server) closeHandlers() map[string]handler {
	return map[string]handler{"closeJob": s.closeJob}
}

// closing is what comes back from a job.
type closing struct {
	Signature struct {
		Signer   string           `json:"signer"`
		Relation string           `json:"relation"`
		SignedAt *time.Time       `json:"signed_at"`
		Strokes  evidence.Strokes `json:"strokes"`
		PNG      string           `json:"png"`
	} `json:"signature"`
	Score       int              `json:"score"`
	Answers     evidence.Answers `json:"answers"`
	Photos      []uuid.UUID      `json:"photos"`
	Parts       []closingPart    `json:"parts"`
	WaivedParts []waivedPart     `json:"waived_parts"`
	WorkSummary string           `json:"work_summary"`
}

type closingPart struct {
	PartID      uuid.UUID `json:"part_id"`
	Quantity    int       `json:"quantity"`
	NewSerial   string    `json:"new_serial"`
	OldSerial   string    `json:"old_serial"`
	OldPartWish string    `json:"old_part_wish"`

	OldPartID      uuid.UUID `json:"old_part_id"`
	Scan           string    `json:"scan"`
	OldScan        string    `json:"old_scan"`
	OldUnreadable  bool      `json:"old_serial_unreadable"`
	OccurredAt     time.Time `json:"occurred_at"`
	AcceptShortage bool      `json:"accept_shortage"`
	Because        string    `json:"reason"`
}

type waivedPart struct {
	PartID uuid.UUID `json:"part_id"`
	Reason string    `json:"reason"`
}

func (b closing) domain() (dispatch.Closing, error) {
	png, err := base64.StdEncoding.DecodeString(b.Signature.PNG)
	if err != nil {
		var f fault.Faults
		f.Add("/signature/png", "is not base64")
		return dispatch.Closing{}, f.Err(fault.Invalid, "the request does not fit the contract")
	}
	return dispatch.Closing{
		Signature: dispatch.Signature{
			Signer: b.Signature.Signer, Relation: b.Signature.Relation, SignedAt: b.Signature.SignedAt, Strokes: b.Signature.Strokes, PNG: png,
		},
		Score: b.Score, Answers: b.Answers, Photos: b.Photos, Summary: b.WorkSummary,
		Parts:  each(b.Parts, func(p closingPart) dispatch.PartUse { return dispatch.PartUse(p) }),
		Waived: each(b.WaivedParts, func(w waivedPart) dispatch.Waiver { return dispatch.Waiver(w) }),
	}, nil
}

func (s *Server) closeJob(k *call) (answer, error) {
	var body closing
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	c, err := body.domain()
	if err != nil {
		return answer{}, err
	}
	j, err := s.Board.Close(k.ctx, k.by, k.id("job_id"), k.version(), c)
	return answerJob(k, j, err)
}
