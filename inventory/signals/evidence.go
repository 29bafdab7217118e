package signals

import (
	"time"

	"callout/internal/words"

	"github.com/google/uuid"
)

// EvidenceKind is what sort of thing a piece of evidence is.
type EvidenceKind string

// The kinds of evidence.
const (
	EvidenceMovement   EvidenceKind = "movement"
	EvidenceUse        EvidenceKind = "use"
	EvidenceReturn     EvidenceKind = "return"
	EvidenceRequest    EvidenceKind = "request"
	EvidenceJob        EvidenceKind = "job"
	EvidenceUnit       EvidenceKind = "unit"
	EvidencePart       EvidenceKind = "part"
	EvidenceTechnician EvidenceKind = "technician"
	EvidenceLocation   EvidenceKind = "location"
	EvidenceUser       EvidenceKind = "user"
	EvidenceCount      EvidenceKind = "count"
	EvidenceTransfer   EvidenceKind = "transfer"
	EvidenceDelivery   EvidenceKind = "delivery"
	EvidenceFigure     EvidenceKind = "figure"
)

// Evidence is one piece of what a signal rests on, and where to look at it.
type Evidence struct {
	Kind  EvidenceKind `json:"kind"`
	ID    *uuid.UUID   `json:"id"`            // nil for a figure
	Label string       `json:"label"`         // a number, serial or name; of a figure, what it is
	Says  words.Text   `json:"says,omitzero"` // what it is, to be said in either language; without a format in what was found long ago
	At    *time.Time   `json:"at"`
	Value *float64     `json:"value"` // of a figure, and of other things how many pieces they are about
	Unit  string       `json:"unit"`  // piece, piece_per_job, job, technician, minute, hour, day, time, step, character, score, share, minor_unit; "" without a value
	Href  string       `json:"href"`
}

// thing is a piece of evidence as a rule's query has it.
type thing struct {
	Kind  EvidenceKind `json:"kind"`
	ID    *uuid.UUID   `json:"id"`
	Label string       `json:"label"`
	At    *time.Time   `json:"at"`
	Value *float64     `json:"value"`
	Of    *uuid.UUID   `json:"of"`
}

// homes are where the things of each kind are read. A use is read with its job.
var homes = map[EvidenceKind]string{
	EvidenceMovement: "/v1/movements/", EvidenceReturn: "/v1/part-returns/", EvidenceRequest: "/v1/part-requests/", EvidenceJob: "/v1/jobs/",
	EvidenceUnit: "/v1/units/", EvidencePart: "/v1/parts/", EvidenceTechnician: "/v1/technicians/", EvidenceLocation: "/v1/locations/", EvidenceUser: "/v1/users/",
	EvidenceCount: "/v1/counts/", EvidenceTransfer: "/v1/transfers/", EvidenceDelivery: "/v1/deliveries/",
}

// Where the figures of evidence are read.
const (
	rulesHref  = "/v1/signal-rules"
	policyHref = "/v1/policies/current"
)

// most is how many things a signal names at the most: whoever needs more follows them.
const most = 60

// evidence is the things that are there, each once, after the figures.
func evidence(figures []Evidence, things []thing, names map[uuid.UUID]words.Text) []Evidence {
	all := append([]Evidence{}, figures...)
	seen := map[uuid.UUID]bool{}
	for _, t := range things {
		if t.ID == nil || seen[*t.ID] || len(all) >= most {
			continue
		}
		seen[*t.ID] = true
		e := Evidence{Kind: t.Kind, ID: t.ID, Label: t.Label, Says: names[*t.ID], At: t.At, Value: t.Value, Href: homes[t.Kind] + t.ID.String()}
		if t.Kind == EvidenceUse {
			e.Href = homes[EvidenceJob] + t.Of.String() + "/part-uses"
		}
		if t.Value != nil {
			e.Unit = "piece"
		}
		all = append(all, e)
	}
	return all
}

// figure is a number that a signal rests on.
func figure(name words.Text, value float64, unit, href string) Evidence {
	return Evidence{Kind: EvidenceFigure, Label: name.Format, Says: name, Value: &value, Unit: unit, Href: href}
}

// Said is what the evidence is, in a language.
func (e Evidence) Said(l words.Language) string {
	switch {
	case e.Says.Format != "":
		return e.Says.In(l)
	case e.Kind == EvidenceFigure:
		return words.Word(l, e.Label)
	}
	return e.Label
}
