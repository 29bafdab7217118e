package returns

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"callout/evidence"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// Waiving is the customer's word that he keeps the old part: his name under it, or the job's sealed
// sign-off, in which the wish stands.
type Waiving struct {
	Signer    string
	PNG       []byte
	SignOffID *uuid.UUID
	Note      string
}

const signSQL = `
INSERT INTO part_return_signatures (return_id, signer, png, sha256, taken_by, signed_at) VALUES ($1, $2, $3, $4, $5, $6)`

// Waive expects nothing any more, because the customer keeps the old part and has signed for it. Whoever
// has to bring it may say so until the job is closed, so that its sealed record says it as well;
// afterwards a supervisor alone.
func (c *Returns) Waive(ctx context.Context, by who.Actor, id uuid.UUID, version int, w Waiving) (Return, error) {
	return c.change(ctx, by, id, version, "part_return.waived", func(ctx context.Context, r *Return) (map[string]any, error) {
		if err := r.become(StatusWaived); err != nil {
			return nil, err
		}
		if err := c.checkMayWaive(ctx, by, *r); err != nil {
			return nil, err
		}
		if err := c.checkWaiver(ctx, by, *r, w); err != nil {
			return nil, err
		}
		if err := c.keep(ctx, by, r, time.Time{}); err != nil {
			return nil, err
		}
		r.SignOffID = w.SignOffID
		if w.Note != "" {
			r.Note = w.Note
		}
		if w.SignOffID == nil {
			hash := evidence.Sum(w.PNG)
			if _, err := pg.Exec(ctx, c.DB(), signSQL, r.ID, w.Signer, w.PNG, hash[:], inventory.ActorID(by), *r.WaivedAt); err != nil {
				return nil, pg.Fault(err, "part return")
			}
		}
		return map[string]any{"waived_because": r.WaivedBecause, "movement_id": r.MovementID, "sign_off_id": r.SignOffID, "signer": w.Signer}, nil
	})
}

// checkWaiver demands that the customer has signed, in one of the two ways.
func (c *Returns) checkWaiver(ctx context.Context, by who.Actor, r Return, w Waiving) error {
	var f fault.Faults
	switch {
	case w.SignOffID != nil && len(w.PNG) > 0:
		f.Add("/signature", "either a signature or a sign-off, not both")
	case w.SignOffID != nil:
		return c.checkSignOff(ctx, by, r, *w.SignOffID)
	case len(w.PNG) == 0:
		f.Add("/signature", "the customer signs that he keeps the old part")
	default:
		if err := evidence.CheckSignature(ctx, w.PNG); fault.Is(err, fault.Invalid) {
			f = append(f, fault.Field{Pointer: "/signature/png", Detail: fault.From(err).Detail})
		} else if err != nil {
			return err
		}
	}
	return f.Err(fault.Invalid, "the request cannot be met as it is")
}

// visited are the statuses of a job whose customer has not signed yet, and still can.
var visited = []string{"on_site", "working", "on_hold", "finished"}

// checkMayWaive keeps the door shut through which an old part could be sold: after the customer has
// signed, who brings it has nobody's word but his own.
func (c *Returns) checkMayWaive(ctx context.Context, by who.Actor, r Return) error {
	supervises := by.Has(who.Supervisor, who.Admin) && !r.brings(by.TechnicianID)
	if supervises || r.JobID == nil {
		return nil
	}
	j, err := c.Job(ctx, who.System, *r.JobID, nil) // whoever sees the return may know how its job stands
	if err != nil || slices.Contains(visited, j.Status) {
		return err
	}
	return fault.New(fault.Forbidden, "job %s is %s: a supervisor alone, who does not have to bring the old part, leaves it with the customer now", j.Number, words.Noun(j.Status))
}

// checkSignOff demands that a sealed sign-off of the job says that the customer keeps this part.
func (c *Returns) checkSignOff(ctx context.Context, by who.Actor, r Return, id uuid.UUID) error {
	s, err := c.locker.FindSignOff(ctx, by, id)
	switch {
	case fault.Is(err, fault.NotFound), err == nil && (r.JobID == nil || s.JobID != *r.JobID):
		return inventory.Wrong("/sign_off_id", "no such %s", words.Noun("sign-off"))
	case err != nil:
		return err
	}
	if kept, err := r.says(s.Record, WaivedCustomerKeeps); err != nil || kept {
		return err
	}
	return inventory.Wrong("/sign_off_id", "does not say that the customer keeps this part")
}

// says tells whether the sealed record of a job names this old part with a wish.
func (r Return) says(sealed []byte, wish WaivedBecause) (bool, error) {
	var record evidence.Record
	err := json.Unmarshal(sealed, &record)
	return slices.ContainsFunc(record.Parts, func(p evidence.PartUsed) bool {
		if r.ExpectedSerial == nil {
			return p.PartID == r.PartID && p.OldPartWish == string(wish)
		}
		return p.OldSerial == *r.ExpectedSerial && p.OldPartWish == string(wish) // the new part may be its successor
	}), err
}

// Waiver is the customer's name under a waiver.
type Waiver struct {
	Signer   string
	PNG      []byte
	SHA256   []byte
	TakenBy  *uuid.UUID
	SignedAt time.Time
}

// FindWaiver returns the last signature that a waiver had of its own, also of one that is due again since; fault.NotFound where it has none.
func (c *Returns) FindWaiver(ctx context.Context, by who.Actor, id uuid.UUID) (Waiver, error) {
	if _, err := c.Find(ctx, by, id); err != nil {
		return Waiver{}, err
	}
	rows, err := pg.Query[Waiver](ctx, c.DB(), `SELECT signer, png, sha256, taken_by, signed_at FROM part_return_signatures WHERE return_id = $1 ORDER BY signed_at DESC LIMIT 1`, id)
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, "no such %s", words.Noun("signature"))
	}
	return inventory.One(rows), err
}
