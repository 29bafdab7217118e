package scans

import (
	"context"
	"slices"

	"callout/internal/pg"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// whose says to whom of those who hold the role an action with a paper is offered.
type whose int

const (
	anybodys whose = iota
	own            // the technician whom the paper is about
	others         // neither he nor who did the step before
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
		{issue, anybodys, []string{"approved", "picking", "issued", "backordered"}},
		{receive, own, []string{"picking", "issued", "issued whole", "backordered", "received"}},
		{offer("pickPartRequest", "part_request_id", "collect the parts of part request %s from the shelves"), anybodys, []string{"approved", "backordered"}},
		{offer("getPickList", "part_request_id", "see where the parts of part request %s lie"), anybodys, []string{"approved", "picking", "issued", "backordered"}},
		{offer("approvePartRequest", "part_request_id", "approve part request %s"), others, []string{"requested"}},
		{offer("rejectPartRequest", "part_request_id", "reject part request %s"), anybodys, []string{"requested"}},
		{offer("returnUnusedParts", "part_request_id", "bring unused parts of part request %s back"), anybodys, []string{"received", "backordered", "closed"}},
		{offer("settleDifference", "part_request_id", "settle what part request %s misses"), anybodys, []string{"received", "backordered"}},
		{offer("closePartRequest", "part_request_id", "close part request %s: the rest stays in the van"), anybodys, []string{"received"}},
		{offer("cancelPartRequest", "part_request_id", "cancel part request %s"), anybodys, []string{"requested", "approved", "picking", "issued", "backordered"}},
		{offer("getPartRequest", "part_request_id", "see part request %s"), anybodys, nil},
	},
	KindPartReturn: {
		{offer("collectPartReturn", "part_return_id", "take the old part of return %s along"), own, []string{"expected"}},
		{offer("shipPartReturn", "part_return_id", "send the old part of return %s"), anybodys, []string{"collected"}},
		{offer("handInPartReturn", "part_return_id", "receive the old part of return %s from the technician"), others, []string{"expected", "collected"}},
		{offer("receivePartReturn", "part_return_id", "receive the old part of return %s"), others, []string{"in_transit", "expected", "collected"}},
		{offer("resolvePartReturn", "part_return_id", "judge what is wrong with return %s"), others, []string{"discrepant", "discrepant and gone"}},
		{offer("disposePartReturn", "part_return_id", "decide what becomes of the old part of return %s"), anybodys, []string{"matched", "resolved"}},
		{offer("takeVendorResult", "part_return_id", "record what the vendor made of return %s"), others, []string{"at_vendor"}},
		{offer("appraisePartReturn", "part_return_id", "appraise the old part of return %s"), anybodys, []string{"matched", "discrepant", "resolved"}},
		{offer("waivePartReturn", "part_return_id", "let the customer keep the old part of return %s"), anybodys, []string{"expected"}},
		{offer("getPartReturn", "part_return_id", "see part return %s"), anybodys, nil},
	},
	KindShipment: {
		{offer("getPartReturnShipment", "part_return_shipment_id", "see parcel %s"), anybodys, nil},
	},
	KindDelivery: {
		{offer("countDelivery", "delivery_id", "count it into delivery %s"), anybodys, []string{"announced", "counting"}},
		{offer("receiveDelivery", "delivery_id", "receive delivery %s into the books"), anybodys, []string{"counting"}},
		{offer("announceDelivery", "", "announce the rest of delivery %s"), anybodys, []string{"received and waits"}},
		{offer("closeDelivery", "delivery_id", "close delivery %s without its rest"), anybodys, []string{"received", "received and waits"}},
		{offer("getDelivery", "delivery_id", "see delivery %s"), anybodys, nil},
	},
	KindTransfer: {
		{offer("receiveTransfer", "transfer_id", "receive transfer %s"), others, []string{"sent", "short"}},
		{offer("settleTransfer", "transfer_id", "settle what transfer %s misses"), anybodys, []string{"short"}},
		{offer("getTransfer", "transfer_id", "see transfer %s"), anybodys, nil},
	},
	KindCount: {
		{countInto, anybodys, []string{"opened", "counting", "recount"}},
		{offer("finishCount", "count_id", "finish count %s"), anybodys, []string{"opened", "counting", "recount"}},
		{offer("approveCount", "count_id", "approve count %s"), others, []string{"review"}},
		{offer("explainCount", "count_id", "give the reasons for the variances of count %s"), anybodys, []string{"review"}},
		{offer("recount", "count_id", "have lines of count %s counted again"), anybodys, []string{"review"}},
		{offer("getCountSheet", "count_id", "see the variances of count %s"), anybodys, []string{"review", "recount", "approved"}},
		{offer("getCount", "count_id", "see count %s"), anybodys, nil},
	},
	KindJob: {
		{use, own, []string{"on_site", "working", "on_hold", "finished"}},
		{offer("listPartUses", "job_id", "see the parts of job %s"), anybodys, nil},
		{offer("getPartCosts", "job_id", "see what the parts of job %s cost"), anybodys, nil},
		{offer("getJob", "job_id", "see job %s"), anybodys, nil},
	},
}

// requestState is the status of a part request r, and whether everything of it is handed out.
const requestState = `r.status || CASE WHEN r.status = 'issued' AND NOT EXISTS (
  SELECT FROM part_request_lines l WHERE l.request_id = r.id AND ` + toGo + ` > 0) THEN ' whole' ELSE '' END`

// returnState is the status of a part return r, and whether there is anything to decide about.
const returnState = `r.status || CASE WHEN r.movement_id IS NULL AND r.received_at IS NOT NULL THEN ' and gone' ELSE '' END`

// handled says whether a part return r went through the hands of a user: he received it, or sent it to the
// vendor who has it.
func handled(user string) string {
	return `(coalesce(r.received_by = ` + user + `, false) OR r.status = 'at_vendor' AND EXISTS (
  SELECT FROM part_return_dispositions d WHERE d.return_id = r.id AND d.kind = 'vendor' AND d.decided_by = ` + user + `))`
}

// deliveryState is the status of a delivery d, and whether something of it is to come that nobody announced as its rest.
const deliveryState = `d.status || CASE WHEN d.status = 'received' AND delivery_waits(d.id) THEN ' and waits' ELSE '' END`

// sheets are the kinds of papers in the order in which they are told, and what is read of each.
var sheets = []struct {
	kind Kind
	sql  string
}{
	{KindPartRequest, `
SELECT r.id, r.number, r.status, ` + requestState + ` AS state, r.version, r.reason AS name, r.origin = 'replenishment' AS said, coalesce(r.technician_id = $2, false) AS own,
  coalesce(r.requested_by = $3, false) AS asked
FROM part_requests r WHERE r.id = ANY($1) ORDER BY r.id`},
	{KindPartReturn, `
SELECT r.id, r.number, r.status, ` + returnState + ` AS state, r.version, concat_ws(' ', p.number, r.expected_serial, p.name) AS name,
  concat_ws(' ', p.number, r.expected_serial, coalesce(nullif(p.name_zh, ''), p.name)) AS name_zh,
  coalesce(r.technician_id = $2, false) AS own, ` + handled("$3") + ` AS asked
FROM part_returns r JOIN parts p ON p.id = r.part_id WHERE r.id = ANY($1) ORDER BY r.id`},
	{KindShipment, `
SELECT s.id, s.waybill AS number, '' AS status, '' AS state, 0 AS version, s.carrier AS name, coalesce(s.shipped_by = $3, $2::uuid IS NULL AND false) AS own, false AS asked
FROM part_return_shipments s WHERE s.id = ANY($1) ORDER BY s.id`},
	{KindDelivery, `
SELECT d.id, d.number, d.status, ` + deliveryState + ` AS state, d.version, s.name || ' ' || d.note_number AS name,
  coalesce(nullif(s.name_zh, ''), s.name) || ' ' || d.note_number AS name_zh, $2::uuid IS NULL AND false AS own, coalesce(d.announced_by = $3, false) AS asked
FROM deliveries d JOIN suppliers s ON s.id = d.supplier_id WHERE d.id = ANY($1) ORDER BY d.id`},
	{KindTransfer, `
SELECT t.id, t.number, t.status, t.status AS state, t.version, f.name AS place, f.kind AS place_kind, o.name AS other, o.kind AS other_kind, $2::uuid IS NULL AND false AS own, coalesce(t.sent_by = $3, false) AS asked
FROM transfers t JOIN locations f ON f.id = t.from_location JOIN locations o ON o.id = t.to_location WHERE t.id = ANY($1)`},
	{KindCount, `
SELECT c.id, c.number, c.status, c.status AS state, c.version, l.name AS place, l.kind AS place_kind, $2::uuid IS NULL AND false AS own,
  EXISTS (SELECT FROM count_entries e WHERE e.count_id = c.id AND e.counted_by = $3) AS asked
FROM counts c JOIN locations l ON l.id = c.location_id WHERE c.id = ANY($1)`},
	{KindJob, `
SELECT j.id, j.number, j.status, j.status AS state, j.version, j.title AS name,
  EXISTS (SELECT FROM bookings b WHERE b.job_id = j.id AND b.technician_id = $2 AND b.active) AS own, $3::uuid IS NULL AND false AS asked
FROM jobs j WHERE j.id = ANY($1)`},
}

type paperRow struct {
	ID      uuid.UUID
	Number  string
	Status  string
	State   string // the status, and what else decides what can be done
	Version int
	Name    string
	NameZh  string // "" where it has one name
	Said    bool   // Name is a sentence of ours
	Own     bool   // the acting technician's
	Asked   bool   // the actor did the step before, which another person has to follow

	Place, Other         string // that a paper goes by which has no name: where it is, or from where to where
	PlaceKind, OtherKind inventory.Kind
}

// names are what the paper is called in both languages.
func (r paperRow) names() (english, chinese string) {
	switch {
	case r.Said:
		return r.Name, words.Word(words.Chinese, r.Name)
	case r.PlaceKind == "":
		return r.Name, r.NameZh
	}
	english, chinese = called(r.PlaceKind, r.Place)
	if r.OtherKind != "" {
		to, toZh := called(r.OtherKind, r.Other)
		english, chinese = english+" → "+to, chinese+" → "+toZh
	}
	return english, chinese
}

// ofPapers tells of the requests, returns, counts and the like that the scan names.
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
			m := Match{Kind: sheet.kind, ID: p.ID, Number: p.Number, Status: p.Status, Actions: p.actions(sheet.kind)}
			m.Name, m.NameZh = p.names()
			matches = append(matches, m)
		}
	}
	return matches, nil
}

// actions are what can be done with a paper of a kind as it stands.
func (r paperRow) actions(k Kind) (all []Action) {
	for _, s := range steps[k] {
		fits := s.in == nil || slices.Contains(s.in, r.State)
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
