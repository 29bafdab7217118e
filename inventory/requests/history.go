package requests

import (
	"context"

	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// story is what the events of part requests say, as far as sentences tell it.
type story struct {
	Pieces     string  `json:"pieces"` // as people write them: "2 × SC-1, 1 × NL-1"
	Automatic  bool    `json:"automatic"`
	Warehouse  string  `json:"warehouse"`
	Part       string  `json:"part"`
	Substitute string  `json:"substitute"`
	Quantity   int     `json:"quantity"`
	Reserved   int     `json:"reserved"`
	Released   int     `json:"released"`
	Missing    int     `json:"missing"`
	Over       int     `json:"over"`
	HandedIn   bool    `json:"handed_in"`
	Settled    int     `json:"settled"`
	Outcome    Outcome `json:"outcome"`
	Used       int     `json:"used"`
	Returned   int     `json:"returned"`
	Left       int     `json:"left_in_van"`
	Reason     string  `json:"reason"`
	Origin     Origin  `json:"origin"` // of a request that was just asked for

	Unpassed *unpassed `json:"unpassed"` // why the policy did not approve it
	Value    *int64    `json:"value"`
	Currency string    `json:"currency"`
}

// sentences tell the events. A kind that is not here is told by its name.
var sentences = map[string]func(story) words.Text{
	"part_request.requested": func(s story) words.Text {
		if s.Automatic {
			return s.why(words.Say("asked for %s; the policy approved it", s.Pieces))
		}
		t := words.Say("asked for %s", s.Pieces)
		if s.Unpassed != nil {
			t = words.Say("%s; %s", t, s.Unpassed.why(s.Value, s.Currency))
		}
		return s.why(t)
	},
	"part_request.approved": func(s story) words.Text { return words.Say("approved: %s", s.Pieces) },
	"part_request.rejected": func(s story) words.Text { return s.why(words.Say("rejected")) },
	"part_request.amended":  func(s story) words.Text { return words.Say("to be handed out by %s", s.Warehouse) },
	"part_request.reserved": func(s story) words.Text { return words.Say("%d set aside", s.Reserved) },
	"part_request.picking":  func(s story) words.Text { return words.Say("picking began in %s", s.Warehouse) },
	"part_request.substituted": func(s story) words.Text {
		return s.why(words.Say("%d of %s to be handed out instead of %s", s.Quantity, s.Substitute, s.Part))
	},
	"part_request.issued":   func(s story) words.Text { return words.Say("handed out: %s", s.Pieces) },
	"part_request.received": receivedSentence,
	"part_request.returned_unused": func(s story) words.Text {
		switch {
		case s.Pieces == "":
			return words.Say("all that came went back")
		case s.HandedIn:
			return words.Say("the technician handed in: %s", s.Pieces)
		}
		return words.Say("came back unused: %s", s.Pieces)
	},
	"part_request.difference_settled": settledSentence,
	"part_request.consumed":           func(story) words.Text { return words.Say("all that came was used") },
	"part_request.closed": func(s story) words.Text {
		if s.Reason == "" {
			return words.Say("accounted for: %d used, %d went back", s.Used, s.Returned)
		}
		return s.why(words.Say("%d stay in the van as its stock", s.Left))
	},
	"part_request.canceled":            func(s story) words.Text { return s.why(words.Say("canceled")) },
	"part_request.reservation_expired": func(s story) words.Text { return words.Say("nobody came for %d that were set aside", s.Released) },
}

// why adds the reason, where somebody gave one.
func (s story) why(t words.Text) words.Text {
	switch s.Reason {
	case "":
		return t
	case jobOver:
		return words.Say("%s: %s", t, words.Say("its job is over"))
	}
	return words.Say("%s: %s", t, s.Origin.said(s.Reason))
}

func receivedSentence(s story) words.Text {
	t := words.Say("received: %s", s.Pieces)
	if s.Pieces == "" {
		t = words.Say("nothing was received")
	}
	if s.Missing > 0 || s.Over > 0 {
		t = words.Say("%s; %s", t, words.Say("%d missing, %d too much", s.Missing, s.Over))
	}
	return t
}

func settledSentence(s story) words.Text {
	switch s.Outcome {
	case OutcomeFound:
		return s.why(words.Say("what was missing is found: %s", s.Pieces))
	case OutcomeLost:
		return s.why(words.Say("what was missing is lost: %s", s.Pieces))
	case OutcomeKept:
		return s.why(words.Say("what came too much stays in the van: %s", s.Pieces))
	case OutcomeMisScan:
		return s.why(words.Say("%d did not come: the scan was wrong", s.Settled))
	default:
		return s.why(words.Say("%d came too much and are in the warehouse again", s.Settled))
	}
}

const historySQL = `
SELECT e.seq, e.at, e.kind, e.actor_id, coalesce(u.name, '') AS actor, e.data || jsonb_build_object('pieces', coalesce(s.pieces, ''),
  'warehouse', coalesce(w.name, ''), 'part', coalesce(p.number, ''), 'substitute', coalesce(i.number, '')) AS data
FROM events e LEFT JOIN users u ON u.id = e.actor_id
LEFT JOIN locations w ON w.id = (e.data->>'warehouse_id')::uuid
LEFT JOIN parts p ON p.id = (e.data->>'part_id')::uuid LEFT JOIN parts i ON i.id = (e.data->>'substitute_id')::uuid
LEFT JOIN LATERAL (SELECT string_agg(n || ' × ' || number, ', ' ORDER BY number) AS pieces FROM (
  SELECT m.number, sum((x->>'quantity')::int) AS n
  FROM jsonb_array_elements(CASE WHEN jsonb_typeof(e.data->'lines') = 'array' THEN e.data->'lines' ELSE coalesce(e.data->'parts', '[]') END) x
  JOIN parts m ON m.id = (x->>'part_id')::uuid GROUP BY m.number) y) s ON true
WHERE e.subject_id = $1 AND e.seq > $2 ORDER BY e.seq LIMIT $3`

// History tells what happened to a part request within the actor's scope, oldest first, after a place, and
// the place to go on from; 0 at the end.
func (c *Counter) History(ctx context.Context, by who.Actor, id uuid.UUID, after int64, limit int) ([]inventory.Happening, int64, error) {
	if _, err := c.Find(ctx, by, id); err != nil {
		return nil, 0, err
	}
	all, err := inventory.Happenings(ctx, c.DB(), sentences, historySQL, id, after, limit+1)
	if err != nil || len(all) <= limit {
		return all, 0, err
	}
	return all[:limit], all[limit-1].Seq, nil
}
