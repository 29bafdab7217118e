package inventory

import (
	"context"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// Witness is somebody who may be the witness of another's deed.
type Witness struct {
	ID    uuid.UUID
	Name  string
	Roles []string
}

const witnessesSQL = `
SELECT id, name, roles FROM users
WHERE roles && ARRAY['warehouse', 'supervisor', 'inspector'] AND disabled_at IS NULL AND id <> $1 AND ($2::uuid IS NULL OR outlet_id IS NULL OR outlet_id = $2)
  AND id > $3 ORDER BY id LIMIT $4`

// Witnesses are those whom the actor may name as a witness at his outlet, or at any where he has none; CheckWitness
// judges them at the deed.
func (l *Ledger) Witnesses(ctx context.Context, by who.Actor, after uuid.UUID, limit int) ([]Witness, uuid.UUID, error) {
	list := Statement{SQL: witnessesSQL, Args: []any{by.UserID, by.OutletID, after}}
	return Page(ctx, l.db, list, limit, func(w Witness) uuid.UUID { return w.ID }, nil)
}

const witnessSQL = `
SELECT roles && ARRAY['warehouse', 'supervisor', 'inspector'] AS knows_stock FROM users
WHERE id = $1 AND disabled_at IS NULL AND (outlet_id IS NULL OR $2::uuid IS NULL OR outlet_id = $2)`

// CheckWitness adds to f, at /witness_id, what keeps a user from being the witness of the actor's deed at
// an outlet: he is another person, who can log in, sees the outlet, and knows stock.
func (l *Ledger) CheckWitness(ctx context.Context, by who.Actor, outlet *uuid.UUID, witness uuid.UUID, f *fault.Faults) error {
	if witness == by.UserID {
		f.Add("/witness_id", "nobody witnesses what he does himself")
		return nil
	}
	type user struct{ KnowsStock bool }
	users, err := pg.Query[user](ctx, l.db, witnessSQL, witness, outlet)
	switch {
	case err != nil:
		return err
	case len(users) == 0:
		f.Add("/witness_id", "no such %s", words.Noun("user"))
	case !users[0].KnowsStock:
		f.Add("/witness_id", "a witness works in the warehouse, or is a supervisor or an inspector")
	}
	return nil
}
