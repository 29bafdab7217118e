package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strconv"
	"time"

	"callout/dispatch/formats"
	"callout/dispatch/formats/budget"
	"callout/dispatch/formats/native"
	"callout/dispatch/solve"
	"callout/internal/fault"
)

func (s *Server) solveHandlers() map[string]handler {
	return map[string]handler{"solveProblem": s.solveProblem, "solveVroom": s.solveVroom}
}

// What a search for an integrator may take: one who needs more has the command callout solve.
const (
	searches      = 2 // at the same time
	searchTime    = 10 * time.Second
	defaultSearch = 2 // seconds
	searchShifts  = 1000
)

func (s *Server) solveProblem(k *call) (answer, error) {
	doc, err := formats.Read(bytes.NewReader(k.raw), formats.Callout)
	if err != nil {
		return answer{}, err
	}
	own := doc.(*native.Document)
	o := own.Options
	b := budget.Budget{Iterations: o.Iterations, Seconds: o.Seconds, Trace: o.Trace, Threads: cmp.Or(o.Threads, 1), Seed: o.Seed}
	plan, effort, err := s.search(k, doc.Problem(), b, "/technicians")
	if err != nil {
		return answer{}, err
	}
	return shown(own.Plan(plan, effort).In(k.lang()))
}

func (s *Server) solveVroom(k *call) (answer, error) {
	doc, err := formats.Read(bytes.NewReader(k.raw), formats.Vroom)
	if err != nil {
		return answer{}, err
	}
	seconds, _ := strconv.ParseFloat(k.query("seconds"), 64)
	plan, effort, err := s.search(k, doc.Problem(), budget.Budget{Seconds: seconds, Threads: 1}, "/vehicles")
	if err != nil {
		return answer{}, err
	}
	var solution bytes.Buffer
	if err := doc.Write(&solution, plan, effort); err != nil {
		return answer{}, err
	}
	return shown(json.RawMessage(solution.Bytes()))
}

// search looks for a plan while the client waits: with few others, not for long, and not for one
// who has gone.
func (s *Server) search(k *call, p *solve.Problem, b budget.Budget, shifts string) (*solve.Plan, budget.Effort, error) {
	if n := len(p.Shifts); n > searchShifts {
		var f fault.Faults
		f.Add(shifts, "has %d shifts; here it may have %d", n, searchShifts)
		return nil, budget.Effort{}, f.Err(fault.Invalid, "the document cannot be understood")
	}
	select {
	case s.solving <- struct{}{}:
		defer func() { <-s.solving }()
	default:
		k.gin.Header("Retry-After", strconv.Itoa(int(searchTime.Seconds())))
		return nil, budget.Effort{}, fault.New(fault.Busy, "two searches run already: wait a moment")
	}
	if b.Iterations == 0 && b.Trace == nil && b.Seconds == 0 {
		b.Seconds = defaultSearch
	}
	deadline := time.Now().Add(searchTime)
	stop := func() bool { return k.ctx.Err() != nil || time.Now().After(deadline) }
	plan, effort, err := budget.Solve(p, b, stop, nil)
	if err == nil {
		err = k.ctx.Err() // nobody waits for it any more
	}
	return plan, effort, err
}
