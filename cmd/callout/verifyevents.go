package main

import (
	"context"
	"errors"
	"io"
	"os"

	"callout/internal/event"
	"callout/internal/pg"
	"callout/internal/words"
)

// verifyEvents recomputes the seals of the event log.
type verifyEvents struct {
	Place
	Lang string `enum:"en,zh-CN,auto" default:"auto" help:"Language of the report: en, zh-CN, or auto, the terminal's."`
}

// Run prints a report, and fails where the log is not what was sealed.
func (v *verifyEvents) Run(ctx context.Context) (err error) {
	h, leave, err := v.visit(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, leave()) }()
	return v.report(ctx, os.Stdout, h.DB)
}

func (v *verifyEvents) report(ctx context.Context, w io.Writer, db *pg.DB) error {
	l := language()
	if v.Lang != "auto" {
		l = words.Language(v.Lang)
	}
	n, err := event.Verify(ctx, db)
	if errors.Is(err, event.ErrBroken) {
		show(w, l, words.Say("  FAILED  after the first %d sealed events, the log is not what was sealed", n))
		return errors.New(words.Say("the event log was changed after it was sealed").In(l))
	}
	if err != nil {
		return err
	}
	show(w, l, words.Say("  ok      %d sealed events are what was sealed", n))
	return nil
}
