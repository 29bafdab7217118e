package returns

import (
	"context"

	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// story is what the events of part returns say, as far as sentences tell it.
type story struct {
	Discrepancy    words.Noun `json:"discrepancy"`
	ReceivedSerial string     `json:"received_serial"`
	Resolution     words.Noun `json:"resolution"`
	Verdict        words.Noun `json:"verdict"`
	Result         words.Noun `json:"result"`
	Status         words.Noun `json:"status"`
	Carrier        string     `json:"carrier"`
	Waybill        string     `json:"waybill"`
	Note           string     `json:"note"`
	Reason         string     `json:"reason"`
	JobNumber      string     `json:"job_number"`
}

// sentences tell the events. A kind that is not here is told by its name.
var sentences = map[string]func(story) words.Text{
	"part_return.collected": func(story) words.Text { return words.Say("the technician took the old part along") },
	"part_return.shipped":   func(s story) words.Text { return words.Say("sent with %s, waybill %s", s.Carrier, s.Waybill) },
	"part_return.received":  receivedSentence,
	"part_return.waived":    func(story) words.Text { return words.Say("the customer keeps the old part") },
	"part_return.due_again": dueAgainSentence,
	"part_return.overdue":   func(story) words.Text { return words.Say("the old part was due and was not here") },
	"part_return.resolved":  resolvedSentence,
	"part_return.appraised": func(s story) words.Text { return words.Say("appraised as %s: %s", s.Verdict, s.Note) },
	"part_return.disposed":  func(s story) words.Text { return words.Say("decided what becomes of it: %s", s.Status) },

	"part_return.vendor_answered": func(s story) words.Text { return words.Say("the vendor answered: %s", s.Result) },
}

func dueAgainSentence(s story) words.Text {
	if s.JobNumber != "" {
		return words.Say("job %s ended without the customer's signature: the old part that he was to keep is due again", s.JobNumber)
	}
	return words.Say("the old part is due again: %s", s.Reason)
}

func receivedSentence(s story) words.Text {
	t := words.Say("received as expected")
	if s.Discrepancy != "" {
		t = words.Say("received with a discrepancy: %s", s.Discrepancy)
	}
	if s.ReceivedSerial != "" {
		t = words.Say("%s; %s", t, words.Say("serial %s", s.ReceivedSerial))
	}
	return t
}

func resolvedSentence(s story) words.Text {
	t := words.Say("discrepancy %s judged as %s: %s", s.Discrepancy, s.Resolution, s.Note)
	if s.ReceivedSerial != "" {
		t = words.Say("%s; %s", t, words.Say("serial %s", s.ReceivedSerial))
	}
	return t
}

// A parcel's event names every return that went into it.
const historySQL = `
SELECT e.seq, e.at, e.kind, e.actor_id, e.data, coalesce(u.name, '') AS actor FROM events e LEFT JOIN users u ON u.id = e.actor_id
WHERE e.subject_id = $1::uuid OR (e.subject_id IN (SELECT m.shipment_id FROM part_returns m WHERE (m.id = $1 OR m.follows_id = $1) AND m.shipment_id IS NOT NULL)
  AND jsonb_exists(e.data->'part_return_ids', $1::uuid::text))
ORDER BY e.seq LIMIT 1000`

// History tells what happened to a part return within the actor's scope, oldest first.
func (c *Returns) History(ctx context.Context, by who.Actor, id uuid.UUID) ([]inventory.Happening, error) {
	if _, err := c.Find(ctx, by, id); err != nil {
		return nil, err
	}
	return inventory.Happenings(ctx, c.DB(), sentences, historySQL, id)
}
