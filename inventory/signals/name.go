package signals

import (
	"context"

	"callout/internal/pg"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// named is what the books say of a piece of evidence that has no number of its own.
type named struct {
	ID       uuid.UUID
	Kind     inventory.MovementKind
	Part     string
	Job      string
	From, To string
	FromKind inventory.Kind
	ToKind   inventory.Kind
}

const namesSQL = `
SELECT m.id, m.kind, p.number AS part, '' AS job, f.name AS "from", f.kind AS from_kind, t.name AS "to", t.kind AS to_kind
FROM movements m JOIN parts p ON p.id = m.part_id JOIN locations f ON f.id = m.from_location JOIN locations t ON t.id = m.to_location WHERE m.id = ANY($1)
UNION ALL SELECT u.id, '', p.number, j.number, '', '', '', '' FROM part_uses u JOIN parts p ON p.id = u.part_id JOIN jobs j ON j.id = u.job_id WHERE u.id = ANY($1)
UNION ALL SELECT l.id, '', '', '', l.name, l.kind, '', '' FROM locations l WHERE l.id = ANY($1)`

// deeds say what a movement was.
var deeds = map[inventory.MovementKind]words.Text{
	inventory.MovementReceive:  words.Say("receipt"),
	inventory.MovementTransfer: words.Say("carried"),
	inventory.MovementIssue:    words.Say("handed out"),
	inventory.MovementDelivery: words.Say("received into the van"),
	inventory.MovementUnused:   words.Say("brought back unused"),
	inventory.MovementUse:      words.Say("used"),
	inventory.MovementKeep:     words.Say("left with the customer"),
	inventory.MovementCollect:  words.Say("old part collected"),
	inventory.MovementShip:     words.Say("old part sent off"),
	inventory.MovementReturn:   words.Say("old part received"),
	inventory.MovementDispose:  words.Say("disposed of"),
	inventory.MovementCount:    words.Say("put right by a count"),
	inventory.MovementReverse:  words.Say("taken back"),
}

// numbered say what a thing is that has a number, a serial or a name.
var numbered = map[EvidenceKind]string{
	EvidenceReturn: "part return %s", EvidenceRequest: "part request %s", EvidenceTransfer: "transfer %s", EvidenceDelivery: "delivery %s",
	EvidenceJob: "job %s", EvidenceUnit: "unit %s", EvidencePart: "part %s", EvidenceTechnician: "technician %s", EvidenceUser: "user %s", EvidenceCount: "count %s",
}

// names say what each thing is, in either language.
func (s *Signals) names(ctx context.Context, things []thing) (map[uuid.UUID]words.Text, error) {
	var ids []uuid.UUID
	all := map[uuid.UUID]words.Text{}
	for _, t := range things {
		if t.ID == nil {
			continue
		}
		ids = append(ids, *t.ID)
		if format, has := numbered[t.Kind]; has {
			all[*t.ID] = words.Say(format, t.Label)
		}
	}
	rows, err := pg.Query[named](ctx, s.DB(), namesSQL, ids)
	for _, n := range rows {
		switch {
		case n.Job != "":
			all[n.ID] = words.Say("use of part %s on job %s", n.Part, n.Job)
		case n.Kind != "":
			all[n.ID] = words.Say("part %s %s, from %s to %s", n.Part, deeds[n.Kind], called(n.FromKind, n.From), called(n.ToKind, n.To))
		default:
			all[n.ID] = called(n.FromKind, n.From)
		}
	}
	return all, err
}

// called is what a place is called, to be kept: a word of the trade stays one when it is read back.
func called(k inventory.Kind, name string) words.Text {
	t := k.Called(name)
	for i, a := range t.Args {
		if noun, is := a.(words.Noun); is {
			t.Args[i] = words.Text{Format: string(noun)}
		}
	}
	return t
}
