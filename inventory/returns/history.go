package returns

import (
	"cmp"
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
	Resolution     Resolution `json:"resolution"`
	Verdict        words.Noun `json:"verdict"`
	Status         words.Noun `json:"status"`
	Carrier        string     `json:"carrier"`
	Waybill        string     `json:"waybill"`
	Note           string     `json:"note"`
	Reason         string     `json:"reason"`
	Signer         string     `json:"signer"`
	Place          string     `json:"place"`
	Witness        string     `json:"witness"`
	RMA            string     `json:"rma"`
	NewSerial      string     `json:"new_serial"`
	Expected       int        `json:"expected_quantity"`
	Came           int        `json:"received_quantity"`
	Quantity       int        `json:"quantity"`

	Disposition DispositionKind `json:"disposition"`
	JobNumber   string          `json:"job_number"`
}

// sentences tell the events. A kind that is not here is told by its name.
var sentences = map[string]func(story) words.Text{
	"part_return.collected": func(story) words.Text { return words.Say("the technician took the old part along") },
	"part_return.shipped":   func(s story) words.Text { return words.Say("sent with %s, waybill %s", s.Carrier, s.Waybill) },
	"part_return.received":  receivedSentence,
	"part_return.waived":    waivedSentence,
	"part_return.due_again": dueAgainSentence,
	"part_return.overdue":   func(story) words.Text { return words.Say("the old part was due and was not here") },
	"part_return.resolved":  resolvedSentence,
	"part_return.appraised": func(s story) words.Text { return words.Say("appraised as %s: %s", plain(s.Verdict), s.Note) },
	"part_return.disposed":  disposedSentence,

	"part_return.vendor_answered": disposedSentence,
}

// said are the codes that people say otherwise.
var said = map[words.Noun]words.Noun{
	"other_part": "other part", "already_returned": "already returned", "never_issued": "never issued", "other_serial": "other serial",
	"not_expected": "not expected", "in_stock": "in stock", "product_fault": "product fault", "no_fault_found": "no fault found", "at_vendor": "at vendor",
}

// plain is a code as a word that people say.
func plain(code words.Noun) words.Noun { return cmp.Or(said[code], code) }

// judgments are the resolutions as people say them.
var judgments = map[Resolution]words.Text{
	ResolutionAccepted: words.Say("accepted as it is"), ResolutionCharged: words.Say("charged to the technician"), ResolutionDueAgain: words.Say("due again"),
}

func waivedSentence(s story) words.Text {
	if s.Signer == "" {
		return words.Say("the customer keeps the old part, by the job's sealed sign-off")
	}
	return words.Say("the customer keeps the old part, signed by %s", s.Signer)
}

func disposedSentence(s story) words.Text {
	t := words.Say("decided what becomes of it: %s", plain(s.Status))
	switch s.Disposition {
	case DispositionRefurbish:
		t = words.Say("made good again, to %s", s.Place)
	case DispositionScrap:
		t = words.Say("scrapped, witnessed by %s", s.Witness)
	case DispositionVendor:
		t = words.Say("sent to the vendor %s, his case %s", s.Place, s.RMA)
	case DispositionVendorRepaired:
		t = words.Say("the vendor repaired it, to %s", s.Place)
	case DispositionVendorReplaced:
		t = words.Say("the vendor sent another, to %s", s.Place)
		if s.NewSerial != "" {
			t = words.Say("%s; %s", t, words.Say("serial %s", s.NewSerial))
		}
	case DispositionVendorRefused:
		t = words.Say("the vendor refused it: scrapped, witnessed by %s", s.Witness)
	case DispositionAppraisal, DispositionWrittenOff:
	}
	if s.Note != "" {
		t = words.Say("%s; %s", t, words.Say("%s", s.Note))
	}
	return t
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
		t = words.Say("received with a discrepancy: %s", plain(s.Discrepancy))
	}
	if s.Expected > 1 {
		t = words.Say("%s; %s", t, words.Say("%d of %d came", s.Came, s.Expected))
	}
	if s.ReceivedSerial != "" {
		t = words.Say("%s; %s", t, words.Say("serial %s", s.ReceivedSerial))
	}
	return t
}

func resolvedSentence(s story) words.Text {
	t := words.Say("discrepancy (%s) judged: %s; %s", plain(s.Discrepancy), judgments[s.Resolution], s.Note)
	if s.Resolution == ResolutionDueAgain && s.Quantity > 0 {
		t = words.Say("%s; %s", t, words.Say("%d are due again", s.Quantity))
	}
	if s.ReceivedSerial != "" {
		t = words.Say("%s; %s", t, words.Say("serial %s", s.ReceivedSerial))
	}
	return t
}

// A parcel's event names every return that went into it; what came in the place of another return, or is
// still to come of it, begins with the decision about that one.
const historySQL = `
SELECT e.seq, e.at, e.kind, e.actor_id, e.data, coalesce(u.name, '') AS actor FROM events e LEFT JOIN users u ON u.id = e.actor_id
WHERE e.subject_id = $1::uuid
  OR (e.subject_id IN (SELECT shipment_id FROM part_return_parcels WHERE return_id = $1) AND jsonb_exists(e.data->'part_return_ids', $1::uuid::text))
  OR (e.subject_id = (SELECT follows_id FROM part_returns WHERE id = $1) AND e.kind = 'part_return.resolved'
    AND e.data->>'other_part_return_id' = $1::uuid::text)
ORDER BY e.seq LIMIT 1000`

// History tells what happened to a part return within the actor's scope, oldest first.
func (c *Returns) History(ctx context.Context, by who.Actor, id uuid.UUID) ([]inventory.Happening, error) {
	if _, err := c.Find(ctx, by, id); err != nil {
		return nil, err
	}
	return inventory.Happenings(ctx, c.DB(), sentences, historySQL, id)
}
