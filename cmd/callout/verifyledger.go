package main

import (
	"context"
	"errors"
	"io"
	"os"

	"callout/internal/words"
	"callout/inventory"
)

// verifyLedger folds the whole ledger of parts anew and holds it against what the books say.
type verifyLedger struct {
	Place
	Lang string `enum:"en,zh-CN,auto" default:"auto" help:"Language of the report: en, zh-CN, or auto, the terminal's."`
}

// Run prints a report, and fails where the books are not sound.
func (v *verifyLedger) Run(ctx context.Context) (err error) {
	h, leave, err := v.visit(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, leave()) }()
	return v.report(ctx, os.Stdout, h.Ledger)
}

func (v *verifyLedger) report(ctx context.Context, w io.Writer, ledger *inventory.Ledger) error {
	l := language()
	if v.Lang != "auto" {
		l = words.Language(v.Lang)
	}
	r, err := ledger.Verify(ctx)
	if err != nil {
		return err
	}
	show(w, l, words.Say("%d movements, %d balances and %d units folded", r.Movements, r.Balances, r.Units))
	for _, f := range r.Faults {
		show(w, l, words.Say("  FAILED  %s", f))
	}
	if len(r.Faults) > 0 {
		return errors.New(words.Say("the books are not sound").In(l))
	}
	show(w, l, words.Say("  ok      every balance and every place is what the movements made it"))
	return nil
}
