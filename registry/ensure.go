package registry

import (
	"context"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
)

// ensure reads the row that the condition names into dst, or has it opened, and says whether it
// was. Of two imports at once, the second finds what the first opened.
func ensure[T any](ctx context.Context, r *Register, by who.Actor, dst *T, where string, args []any, open func(context.Context) error) (added bool, err error) {
	if err := central(by); err != nil {
		return false, err
	}
	look := func(ctx context.Context) (bool, error) {
		there, err := pg.Rows[T](ctx, r.db).Where(where, args...).Limit(1).Find(ctx)
		if len(there) > 0 {
			*dst = there[0]
		}
		return len(there) > 0, err
	}
	err = r.db.InTx(ctx, func(ctx context.Context) error {
		if found, err := look(ctx); found || err != nil {
			return err
		}
		tx, err := pg.Tx(ctx)
		if err != nil {
			return err
		}
		inner, err := tx.Begin(ctx)
		if err != nil {
			return err
		}
		opened := open(ctx)
		if opened == nil {
			added = true
			return inner.Commit(ctx)
		}
		if err := inner.Rollback(ctx); err != nil {
			return err
		}
		if !fault.Is(opened, fault.Conflict) {
			return opened
		}
		if found, err := look(ctx); found || err != nil {
			return err
		}
		return opened
	})
	return added, err
}
