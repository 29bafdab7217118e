package dispatch

import (
	"time"

	"callout/internal/words"

	"github.com/google/uuid"
)

// Candidate is a technician in the light of one job: ranked, or refused with all the reasons.
type Candidate struct {
	TechnicianID uuid.UUID
	Name         string
	OutletID     uuid.UUID
	Ranked       bool
	Score        int64 // sum of the terms' points; fewer are better. 0 where refused
	Terms        []Term
	Arrive       time.Time // at the site, as ranked
	Start        time.Time // of the work
	End          time.Time
	Refusals     []Refusal // why not, where refused
}

// Term is one part of a score.
type Term struct {
	Code   string     // travel, lateness, waiting …
	Value  int64      // in the unit
	Unit   string     // s, m, level, piece, per_mille, visit, or a currency's minor unit
	Points int64      // what it adds to the score; below 0 where it speaks for the technician
	Text   words.Text // the sentence that people read
}

// Refusal is a rule that a technician fails for a job.
type Refusal struct {
	Code string
	Hard bool // nobody may overrule it
	Text words.Text
}
