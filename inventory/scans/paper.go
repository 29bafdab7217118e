package scans

import (
	"context"
	"slices"

	"callout/internal/pg"
	"callout/inventory"

	"github.com/google/uuid"
)

// whose says to whom of those who hold the role an action with a paper is offered.
type whose int

const (
	anybodys whose = iota
	own            // the technician whom the paper is about
	others         // neither he nor who asked for it
)

// step is a verb in some statuses of a paper.
type step struct {
	Verb

	whose whose
	in    []string // statuses; nil is all
}

// steps say, by kind of paper, what can be done with one and when, the next thing first.
var steps = map[Kind][]step{
	KindPartRequest: {
		{issue, anybodys, []string{"approved"}},
		{receive, own, []string{"issued"}},
		{offer("approvePartRequest", "part_request_id", "approve part request %s"), others, []string{"requested"}},
		{offer("rejectPartRequest", "part_request_id", "reject part request %s"), anybodys, []string{"requested"}},
		{offer("cancelPartRequest", "part_request_id", "cancel part request %s"), anybodys, []string{"requested", "approved"}},
		{offer("getPartRequest", "part_request_id", "see part request %s"), anybodys, nil},
	},
	KindPartReturn: {
		{offer("receivePartReturn", "part_return_id", "receive the old part of return %s"), anybodys, []string{"expected", "collected", "in_transit"}},
		{offer("getPartReturn", "part_return_id", "see part return %s"), anybodys, nil},
	},
	KindJob: {
		{use, own, []string{"on_site", "working", "on_hold", "finished"}},
		{offer("listPartUses", "job_id", "see the parts of job %s"), anybodys, nil},
		{offer("getJob", "job_id", "see job %s"), anybodys, nil},
	},
}

// sheets are the kinds of papers in the order in which they are told, and what is read of each.
var sheets = []struct {
	kind Kind
	sql  string
}{
	{KindPartRequest, `
SELECT r.id, r.number, r.status, r.version, r.reason AS name, coalesce(r.technician_id = $2, false) AS own, coalesce(r.requested_by = $3, false) AS asked
FROM part_requests r WHERE r.id = ANY($1) ORDER BY r.id`},
	{KindPartReturn, `
SELECT r.id, r.number, r.status, r.version, p.number || coalesce(' ' || r.expected_serial, '') AS name, coalesce(r.technician_id = $2, false) AS own, $3::uuid IS NULL AND false AS asked
FROM part_returns r JOIN parts p ON p.id = r.part_id WHERE r.id = ANY($1) ORDER BY r.id`},
	{KindJob, `
SELECT j.id, j.number, j.status, j.version, j.title AS name,
  EXISTS (SELECT FROM bookings b WHERE b.job_id = j.id AND b.technician_id = $2 AND b.active) AS own, $3::uuid IS NULL AND false AS asked
FROM jobs j WHERE j.id = ANY($1)`},
}

type paperRow struct {
	ID      uuid.UUID
	Number  string
	Status  string
	Version int
	Name    string
	Own     bool // the acting technician's
	Asked   bool // the actor asked for it
}

// ofPapers tells of the requests, returns and jobs that the scan names.
func (r reading) ofPapers(ctx context.Context) (matches []Match, err error) {
	for _, sheet := range sheets {
		if len(r.names[sheet.kind]) == 0 {
			continue
		}
		rows, err := pg.Query[paperRow](ctx, r.DB(), sheet.sql, r.names[sheet.kind], r.by.TechnicianID, inventory.ActorID(r.by))
		if err != nil {
			return nil, err
		}
		for _, p := range rows {
			matches = append(matches, Match{Kind: sheet.kind, ID: p.ID, Number: p.Number, Name: p.Name, Status: p.Status, Actions: p.actions(sheet.kind)})
		}
	}
	return matches, nil
}

// actions are what can be done with a paper of a kind as it stands.
func (r paperRow) actions(k Kind) (all []Action) {
	for _, s := range steps[k] {
		fits := s.in == nil || slices.Contains(s.in, r.Status)
		switch s.whose {
		case own:
			fits = fits && r.Own
		case others:
			fits = fits && !r.Own && !r.Asked
		case anybodys:
		}
		if fits {
			all = append(all, s.on(r.ID, r.Version, r.Number))
		}
	}
	return all
}

// returnVerbs are what can be done with a return that waits for a unit.
func returnVerbs(w waitingRow) []Action {
	return paperRow{ID: w.ID, Number: w.Number, Status: w.Status, Version: w.Version, Own: w.Own}.actions(KindPartReturn)
}
