package evidence

import (
	"time"

	"github.com/google/uuid"
)

// RecordVersion is the version of the form of records that is written today.
const RecordVersion = 1

// Record is everything that a customer put a name to, as it was at that moment. Once sealed it
// never changes: a correction is a new record that names the one it supersedes.
type Record struct {
	Version       int        `json:"version"`
	SignOffID     uuid.UUID  `json:"sign_off_id"`
	Supersedes    *uuid.UUID `json:"supersedes"`
	Sequence      int64      `json:"sequence"` // in the outlet's chain, from 1
	Previous      Hash       `json:"previous"` // of the outlet's record before
	SealedAt      time.Time  `json:"sealed_at"`
	PolicyVersion int        `json:"policy_version"`

	Outlet      Outlet       `json:"outlet"`
	Case        *CaseRef     `json:"case"`
	Job         JobRef       `json:"job"`
	Customer    Customer     `json:"customer"`
	Site        Site         `json:"site"`
	Asset       *Asset       `json:"asset"`
	Technician  Technician   `json:"technician"`
	Timeline    Timeline     `json:"timeline"`
	WorkSummary string       `json:"work_summary"`
	Parts       []PartUsed   `json:"parts"`
	Photos      []PhotoTaken `json:"photos"`
	Signature   Signature    `json:"signature"`
	Score       int          `json:"score"` // 1 to 5, 5 = very satisfied (requirement 114)
	Answers     Answers      `json:"answers"`
}

// Outlet is the outlet that did the work.
type Outlet struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
}

// CaseRef is the service request behind the job.
type CaseRef struct {
	ID     uuid.UUID `json:"id"`
	Number string    `json:"number"`
}

// JobRef is the job that is signed for.
type JobRef struct {
	ID          uuid.UUID `json:"id"`
	Number      string    `json:"number"`
	Title       string    `json:"title"`
	Type        string    `json:"type"`
	Description string    `json:"description"`
}

// Customer is whom the work was done for.
type Customer struct {
	ID    uuid.UUID `json:"id"`
	Name  string    `json:"name"`
	Phone string    `json:"phone"`
}

// Site is where the work was done.
type Site struct {
	ID       uuid.UUID `json:"id"`
	Name     string    `json:"name"`
	Address  string    `json:"address"`
	Position Position  `json:"position"`
	TimeZone string    `json:"time_zone"` // IANA
}

// Asset is the product that was worked on.
type Asset struct {
	ID      uuid.UUID `json:"id"`
	Product string    `json:"product"`
	Serial  string    `json:"serial"`
}

// Technician is who did the work.
type Technician struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
}

// Timeline is when the work was done.
type Timeline struct {
	ArrivedAt  *time.Time `json:"arrived_at"`
	StartedAt  *time.Time `json:"started_at"`
	FinishedAt *time.Time `json:"finished_at"`
}

// PartUsed is a part that went in, and what became of the one that came out.
type PartUsed struct {
	PartID      uuid.UUID `json:"part_id"`
	Number      string    `json:"number"`
	Name        string    `json:"name"`
	Quantity    int       `json:"quantity"`
	NewSerial   string    `json:"new_serial"`    // "" for a part without serials
	OldSerial   string    `json:"old_serial"`    // requirement 102
	OldPartWish string    `json:"old_part_wish"` // what the customer wants done with it (requirement 103)

	// Records that were sealed before these were told have none of them.
	Warranty     string `json:"warranty,omitempty"`      // covered, not_covered or goodwill
	Price        *int64 `json:"price,omitempty"`         // what the customer pays, in minor units of Currency; absent where the part has no price
	Currency     string `json:"currency,omitempty"`      // ISO 4217
	CoveredUntil string `json:"covered_until,omitempty"` // the last day on which the repair is covered (requirement 108)
}

// PhotoTaken is a photo that belongs to the sign-off.
type PhotoTaken struct {
	ID        uuid.UUID  `json:"id"`
	Kind      string     `json:"kind"`
	SHA256    Hash       `json:"sha256"`
	Size      int64      `json:"size"` // bytes
	MediaType string     `json:"media_type"`
	TakenAt   *time.Time `json:"taken_at"`
	Position  *Position  `json:"position"`
}

// Signature is how the customer signed.
type Signature struct {
	Signer        string    `json:"signer"`
	Relation      string    `json:"relation"` // of the signer to the customer
	SignedAt      time.Time `json:"signed_at"`
	Strokes       Strokes   `json:"strokes"`
	StrokesSHA256 Hash      `json:"strokes_sha256"` // of the strokes in canonical form
	PNGSHA256     Hash      `json:"png_sha256"`
}

// Answers are the customer's to the two questions of requirement 114.
type Answers struct {
	Solved    bool `json:"solved"`    // "has the problem been solved?"
	Satisfied bool `json:"satisfied"` // "are you satisfied with how?"
}

// plain returns the record as it is sealed: times in UTC to the microsecond, which is what
// Postgres keeps, and lists that are empty rather than absent.
func (r Record) plain() Record {
	r.SealedAt = micro(r.SealedAt)
	r.Signature.SignedAt = micro(r.Signature.SignedAt)
	r.Timeline = Timeline{microPtr(r.Timeline.ArrivedAt), microPtr(r.Timeline.StartedAt), microPtr(r.Timeline.FinishedAt)}
	r.Parts = append([]PartUsed{}, r.Parts...)
	r.Photos = append([]PhotoTaken{}, r.Photos...)
	for i := range r.Photos {
		r.Photos[i].TakenAt = microPtr(r.Photos[i].TakenAt)
	}
	r.Signature.Strokes = append(Strokes{}, r.Signature.Strokes...)
	for i, s := range r.Signature.Strokes {
		r.Signature.Strokes[i] = append(Stroke{}, s...)
	}
	return r
}

func micro(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

func microPtr(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := micro(*t)
	return &u
}
