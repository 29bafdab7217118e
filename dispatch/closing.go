package dispatch

import (
	"context"
	"time"

	"callout/evidence"
	"callout/internal/who"

	"github.com/google/uuid"
)

// Closing is what comes back from a job: the customer's word, the photos, and what became of the parts.
type Closing struct {
	Signature Signature
	Score     int // 1 to 5, 5 = very satisfied (requirement 114)
	Answers   evidence.Answers
	Photos    []uuid.UUID // to be linked; nil links every photo of the job that is here
	Parts     []PartUse   // what was used and is not in the ledger yet
	Waived    []Waiver
	Summary   string // what was done; "" keeps what was said at the finish
}

// Signature is how the customer signed.
type Signature struct {
	Signer   string
	Relation string     // of the signer to the customer
	SignedAt *time.Time // nil is now
	Strokes  evidence.Strokes
	PNG      []byte
}

// Waiver says why a needed part was not used.
type Waiver struct {
	PartID uuid.UUID
	Reason string
}

// closed is what an event says of a closing.
type closed struct {
	SignOffID uuid.UUID      `json:"sign_off_id"`
	Score     int            `json:"score"`
	Solved    bool           `json:"solved"`
	Satisfied bool           `json:"satisfied"`
	Photos    int            `json:"photos"`
	Parts     []partColumn   `json:"parts"`
	Waived    []waiverColumn `json:"waived,omitempty"`
}

type waiverColumn struct {
	PartID uuid.UUID `json:"part_id"`
	Reason string    `json:"reason"`
}

// Close ends a finished job with what the customer signed. Lifecycle, parts, the sealed record with its
// photos, the case and the event are one transaction: all of them are kept, or none. It returns Invalid
// with a pointer to each thing that is missing.
func (b *Board) Close(ctx context.Context, by who.Actor, id uuid.UUID, version int, c Closing) (j Job, err error) {
	err = b.db.InTx(ctx, func(ctx context.Context) error {
		var record evidence.Record
		j, err = b.change(ctx, by, id, version, VerbClose, func(ctx context.Context, j *Job, at time.Time) (any, error) {
			parts, photos, err := b.account(ctx, by, j, &c, at)
			if err != nil {
				return nil, err
			}
			j.ClosedAt = &at
			if record, err = b.record(ctx, *j, c, parts, photos, at); err != nil {
				return nil, err
			}
			j.SignOffID = &record.SignOffID
			return c.told(record), nil
		})
		if err != nil {
			return err
		}
		// Last, because everybody else who seals for the outlet waits from here on.
		_, err = b.Locker.Seal(ctx, by, record, c.Signature.PNG)
		return err
	})
	return j, err
}

func (c Closing) told(r evidence.Record) closed {
	parts := make([]partColumn, len(r.Parts))
	for i, p := range r.Parts {
		parts[i] = partColumn{p.PartID, p.Quantity}
	}
	return closed{
		r.SignOffID, c.Score, c.Answers.Solved, c.Answers.Satisfied, len(r.Photos), parts,
		list(c.Waived, func(w Waiver) waiverColumn { return waiverColumn(w) }).V,
	}
}

const caseOfSQL = `SELECT number, type FROM cases WHERE id = $1`

// record is what the customer signs for, as things stand.
func (b *Board) record(ctx context.Context, j Job, c Closing, parts []SettledPart, photos []evidence.Photo, at time.Time) (evidence.Record, error) {
	p, err := b.Policies.At(ctx, at)
	if err != nil {
		return evidence.Record{}, err
	}
	r := evidence.Record{
		SignOffID: uuid.Must(uuid.NewV7()), PolicyVersion: p.Version,
		Outlet:      evidence.Outlet{ID: j.Booking.OutletID},
		Job:         evidence.JobRef{ID: j.ID, Number: j.Number, Title: j.Title, Description: j.Description},
		Technician:  evidence.Technician{ID: j.Booking.TechnicianID, Name: j.Booking.Technician},
		Timeline:    evidence.Timeline{ArrivedAt: j.ArrivedAt, StartedAt: j.StartedAt, FinishedAt: j.FinishedAt},
		WorkSummary: j.Outcome,
		Signature: evidence.Signature{
			Signer: c.Signature.Signer, Relation: c.Signature.Relation, SignedAt: *c.Signature.SignedAt, Strokes: c.Signature.Strokes,
		},
		Score: c.Score, Answers: c.Answers,
	}
	for _, s := range parts {
		r.Parts = append(r.Parts, evidence.PartUsed{
			PartID: s.PartID, Number: s.PartNumber, Name: s.PartName, Quantity: s.Quantity,
			NewSerial: s.NewSerial, OldSerial: s.OldSerial, OldPartWish: s.OldPartWish,
			Warranty: s.Warranty, Price: s.Price, Currency: s.Currency, CoveredUntil: day(s.CoveredUntil),
		})
	}
	for _, p := range photos {
		r.Photos = append(r.Photos, evidence.PhotoTaken{ID: p.ID})
	}
	return r, b.whomAndWhere(ctx, j, &r)
}

// day is a date as the record keeps it; "" where there is none.
func day(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Format(time.DateOnly)
}
