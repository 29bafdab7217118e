package main

import (
	"context"
	"errors"
	"io"
	"os"

	"callout/dispatch"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// verifyPlan computes a plan again from its stored inputs and holds the result against what was proposed.
type verifyPlan struct {
	Place
	ID   uuid.UUID `arg:"" name:"id" help:"The plan."`
	Lang string    `enum:"en,zh-CN,auto" default:"auto" help:"Language of the report: en, zh-CN, or auto, the terminal's."`
}

// Run prints a report, and fails where the plan is not what its inputs come to.
func (v *verifyPlan) Run(ctx context.Context) (err error) {
	h, leave, err := v.visit(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, leave()) }()
	return v.report(ctx, os.Stdout, h.Planner)
}

func (v *verifyPlan) report(ctx context.Context, w io.Writer, planner *dispatch.Planner) error {
	l := language()
	if v.Lang != "auto" {
		l = words.Language(v.Lang)
	}
	r, err := planner.Replay(ctx, who.System, v.ID)
	if err != nil {
		return err
	}
	show(w, l, words.Say("%d jobs planned again; the plan is %d bytes long", r.Jobs, r.Bytes))
	show(w, l, words.Say("  proposed  %x", r.Kept))
	show(w, l, words.Say("  stored    %x", r.Stored))
	show(w, l, words.Say("  computed  %x", r.Computed))
	if !r.Same() {
		return errors.New(words.Say("the plan is not what its inputs come to").In(l))
	}
	show(w, l, words.Say("  ok      it is the same, byte for byte"))
	return nil
}
