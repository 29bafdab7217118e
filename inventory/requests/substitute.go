package requests

import (
	"context"
	"slices"
	"strings"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// Substitution says that another part is handed out instead of the one that was asked for.
type Substitution struct {
	PartID       uuid.UUID
	SubstituteID uuid.UUID
	Quantity     int // 0: all that is still to be issued
	Reason       string
}

// Substitute has another part handed out instead of what is still to be issued of a line, and sets it
// aside. Where the request becomes worth more than was approved, whoever substitutes approves that: a
// supervisor. Nobody substitutes for himself.
func (c *Counter) Substitute(ctx context.Context, by who.Actor, id uuid.UUID, version int, s Substitution) (Request, error) {
	return c.change(ctx, by, id, version, VerbSubstitute, "substituted", func(ctx context.Context, r *Request) (map[string]any, error) {
		if his(by, r) {
			return nil, fault.New(fault.Forbidden, "nobody substitutes parts for himself")
		}
		var f fault.Faults
		if strings.TrimSpace(s.Reason) == "" {
			f.Add("/reason", "must not be blank")
		}
		parts, err := c.PartsOf(ctx, []inventory.Line{{PartID: s.SubstituteID}})
		if err != nil {
			return nil, err
		}
		l := r.line(s.PartID)
		switch p, known := parts[s.SubstituteID]; {
		case l == nil:
			f.Add("/part_id", "was not asked for")
		case !known:
			f.Add("/substitute_id", "no such %s", words.Noun("part"))
		case p.ID == s.PartID:
			f.Add("/substitute_id", "is the part that was asked for")
		case l.ToIssue() == 0 || s.Quantity > l.ToIssue():
			f.Add("/quantity", "%d of part %s are still to be issued", l.ToIssue(), l.PartNumber)
		}
		if err := f.Err(fault.Invalid, "the request cannot be met as it is"); err != nil {
			return nil, err
		}
		if s.Quantity == 0 {
			s.Quantity = l.ToIssue()
		}
		if err := c.exchange(ctx, r, s.PartID, parts[s.SubstituteID], s.Quantity, s.Reason); err != nil {
			return nil, err
		}
		if err := c.judgeAgain(ctx, by, r, true); err != nil {
			return nil, err
		}
		data := map[string]any{"part_id": s.PartID, "substitute_id": s.SubstituteID, "quantity": s.Quantity, "reason": s.Reason, "value": r.Value, "currency": r.Currency}
		return data, c.trim(ctx, r)
	})
}

// exchange lets n pieces of a line be issued as another part: of a line of its own, or of one that is there.
func (c *Counter) exchange(ctx context.Context, r *Request, part uuid.UUID, p inventory.Part, n int, reason string) error {
	r.line(part).Replaced += n
	if l := r.line(p.ID); l != nil {
		sum := *l.Approved + n
		l.Quantity, l.Approved = l.Quantity+n, &sum
		return nil
	}
	l := newLine(r, p, n)
	l.Approved, l.InsteadOf, l.SubstituteReason = &n, &part, &reason
	r.Lines = append(r.Lines, l)
	return c.addLine(ctx, l)
}

// substituteSuccessors lets what takes the place of a part be issued instead of it, without anybody
// having to say so, as long as the request is worth no more for it than may pass.
func (c *Counter) substituteSuccessors(ctx context.Context, by who.Actor, r *Request, all []inventory.Counted) error {
	exchanged := false
	comes := map[uuid.UUID]int{}
	for _, line := range all {
		comes[line.Part.ID] += line.Quantity
		open := 0
		if l := r.line(line.Part.ID); l != nil {
			open = l.ToIssue()
		}
		for _, asked := range r.Lines {
			n := min(comes[line.Part.ID]-open, asked.ToIssue())
			if n <= 0 || asked.PartID == line.Part.ID {
				continue
			}
			serve, err := c.MayServe(ctx, []uuid.UUID{asked.PartID})
			if err != nil {
				return err
			}
			if !slices.Contains(serve[asked.PartID], line.Part.ID) {
				continue
			}
			if err := c.exchange(ctx, r, asked.PartID, line.Part, n, superseded); err != nil {
				return err
			}
			open += n
			exchanged = true
		}
	}
	if !exchanged {
		return nil
	}
	return c.judgeAgain(ctx, by, r, false)
}
