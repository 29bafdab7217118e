package dispatch

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"

	"callout/dispatch/solve"
	"callout/dispatch/solve/check"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// planInputs are all that a search depends on: the same inputs come to the same plan, byte for byte.
type planInputs struct {
	Problem    solve.Problem // but for its Travel, which Drives tell
	Drives     drives
	Seed       uint64
	Threads    int
	Iterations int64
	Trace      [][]uint16 // of the clock, where the search had no set number of steps
}

// planSolution is what a search came to, as its hash covers it.
type planSolution struct {
	Routes   []solve.Route
	Unserved []solve.Absent
	Score    solve.Score
}

func packInputs(s *sheet, o solve.Options) ([]byte, error) {
	in := planInputs{s.problem, s.drives, o.Seed, o.Threads, o.Iterations, o.Trace}
	in.Problem.Travel = nil
	b, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("keep the inputs of a plan: %w", err)
	}
	return pack(b)
}

// packSolution returns the plan as it is kept, and its hash.
func packSolution(plan *solve.Plan) (packed, hash []byte, err error) {
	b, err := json.Marshal(planSolution{plan.Routes, plan.Unserved, plan.Score})
	if err != nil {
		return nil, nil, fmt.Errorf("keep a plan: %w", err)
	}
	sum := sha256.Sum256(b)
	packed, err = pack(b)
	return packed, sum[:], err
}

func pack(b []byte) ([]byte, error) {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(b); err != nil {
		return nil, fmt.Errorf("pack: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("pack: %w", err)
	}
	return out.Bytes(), nil
}

func unpack(b []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	defer func() { _ = z.Close() }()
	all, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	return all, nil
}

// Replayed is what a plan came to when it was computed again.
type Replayed struct {
	Jobs     int
	Bytes    int    // of the solution
	Kept     []byte // the hash that the plan was proposed with
	Stored   []byte // of the solution as it is stored
	Computed []byte // of the solution that its stored inputs come to
}

// Same says whether all is, byte for byte, as it was when the plan was proposed.
func (r Replayed) Same() bool {
	return bytes.Equal(r.Kept, r.Stored) && bytes.Equal(r.Kept, r.Computed)
}

const keptPlanSQL = `SELECT inputs, solution, hash FROM plans WHERE id = $1`

// Replay computes a plan again from its stored inputs. It takes as long as the search did.
func (p *Planner) Replay(ctx context.Context, by who.Actor, id uuid.UUID) (r Replayed, err error) {
	plan, err := findPlan(ctx, p.db, by, id, "")
	if err != nil {
		return r, err
	}
	if plan.Hash == nil {
		return r, fault.New(fault.Conflict, "the plan is %s: nothing was found that could be computed again", plan.Status)
	}
	kept, err := pg.Query[struct{ Inputs, Solution, Hash []byte }](ctx, p.db, keptPlanSQL, id)
	if err != nil || len(kept) == 0 {
		return r, pg.Fault(err, "plan")
	}
	in, stored, err := unpackPlan(kept[0].Inputs, kept[0].Solution)
	if err != nil {
		return r, err
	}
	if in.Problem.Travel, err = in.Drives.again(ctx); err != nil {
		return r, err
	}
	o := solve.Options{Seed: in.Seed, Threads: in.Threads, Iterations: in.Iterations, Trace: in.Trace, Stop: func() bool { return ctx.Err() != nil }}
	again, err := solve.Solve(&in.Problem, o)
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = check.Verify(&in.Problem, again)
	}
	if err != nil {
		return r, fmt.Errorf("compute plan %s again: %w", id, err)
	}
	_, computed, err := packSolution(again)
	sum := sha256.Sum256(stored)
	return Replayed{len(in.Problem.Jobs), len(stored), kept[0].Hash, sum[:], computed}, err
}

func unpackPlan(inputs, solution []byte) (in planInputs, stored []byte, err error) {
	b, err := unpack(inputs)
	if err == nil {
		err = json.Unmarshal(b, &in)
	}
	if err == nil {
		stored, err = unpack(solution)
	}
	if err != nil {
		err = fmt.Errorf("read a kept plan: %w", err)
	}
	return in, stored, err
}
