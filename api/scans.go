package api

import (
	"net/url"
	"slices"
	"strings"

	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"
	"callout/inventory/gs1"
	"callout/inventory/scans"
	contract "callout/mobile-contract"

	"github.com/google/uuid"
)

func (s *Server) scansHandlers() map[string]handler {
	return map[string]handler{"resolveScan": s.resolveScan, "printLabels": s.printLabels}
}

type scanMeaning struct {
	Raw     string      `json:"raw"`
	Code    scanCode    `json:"code"`
	Matches []scanMatch `json:"matches"`
}

type scanCode struct {
	Format   gs1.Format `json:"format"`
	GTIN     *string    `json:"gtin"`
	Serial   *string    `json:"serial"`
	Lot      *string    `json:"lot"`
	Expires  *string    `json:"expires"`
	Count    *int       `json:"count"`
	Part     *string    `json:"part"`
	Location *string    `json:"location"`
	Plain    *string    `json:"plain"`
}

type scanMatch struct {
	Kind    scans.Kind   `json:"kind"`
	ID      uuid.UUID    `json:"id"`
	Title   string       `json:"title"`
	Status  *string      `json:"status"`
	Where   []scanPlace  `json:"where"`
	Actions []scanAction `json:"actions"`

	Withheld *string `json:"withheld"`
}

type scanPlace struct {
	LocationID  uuid.UUID      `json:"location_id"`
	Code        string         `json:"location_code"`
	Name        string         `json:"location_name"`
	Kind        inventory.Kind `json:"location_kind"`
	Quantity    *int           `json:"quantity"`
	Reserved    *int           `json:"reserved"`
	Withheld    *string        `json:"withheld"`
	JobID       *uuid.UUID     `json:"job_id"`
	JobNumber   *string        `json:"job_number"`
	AssetID     *uuid.UUID     `json:"asset_id"`
	AssetSerial *string        `json:"asset_serial"`
}

type scanAction struct {
	Operation string `json:"operation"`
	Method    string `json:"method"`
	Href      string `json:"href"`
	Version   *int   `json:"version"`
	Title     string `json:"title"`
}

func (s *Server) resolveScan(k *call) (answer, error) {
	var body struct {
		Scan       string     `json:"scan"`
		JobID      *uuid.UUID `json:"job_id"`
		LocationID *uuid.UUID `json:"location_id"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	m, err := s.Scanner.Resolve(k.ctx, k.by, scans.Ask{Scan: body.Scan, JobID: body.JobID, LocationID: body.LocationID})
	if err != nil {
		return answer{}, err
	}
	c := m.Code
	w := scanMeaning{Raw: body.Scan, Code: scanCode{
		Format: c.Format, GTIN: orNull(c.GTIN), Serial: orNull(c.Serial), Lot: orNull(c.Lot), Expires: orNull(c.Expires),
		Count: orNull(c.Count), Part: orNull(c.Part), Location: orNull(c.Location), Plain: orNull(c.Plain),
	}, Matches: []scanMatch{}}
	for _, match := range m.Matches {
		// What the caller may not even look at is not his to know of.
		if shown := s.wireMatch(k, match); len(shown.Actions) > 0 {
			w.Matches = append(w.Matches, shown)
		}
	}
	return shown(w)
}

// orNull is null for what is not there.
func orNull[T comparable](v T) *T {
	if v == *new(T) {
		return nil
	}
	return &v
}

func (s *Server) wireMatch(k *call, m scans.Match) scanMatch {
	name := words.Either(k.lang(), m.Name, m.NameZh)
	w := scanMatch{
		Kind: m.Kind, ID: m.ID, Title: strings.TrimSpace(m.Number + " " + name), Status: orNull(m.Status),
		Where: each(m.Where, func(p scans.Place) scanPlace { return wirePlace(k, p) }), Actions: []scanAction{}, Withheld: withheld(m.Withheld),
	}
	for _, a := range m.Actions {
		if op, may := s.permitted(k, a.Operation); may {
			w.Actions = append(w.Actions, wireAction(k, op, a))
		}
	}
	return w
}

func wirePlace(k *call, p scans.Place) scanPlace {
	w := scanPlace{
		LocationID: p.LocationID, Code: p.Code, Name: p.Kind.Called(p.Name).In(k.lang()), Kind: p.Kind, Withheld: withheld(p.Withheld),
		JobID: p.JobID, JobNumber: p.JobNumber, AssetID: p.AssetID, AssetSerial: p.AssetSerial,
	}
	if !p.Withheld {
		w.Quantity, w.Reserved = &p.Quantity, &p.Reserved
	}
	return w
}

// permitted finds an operation of the contract, if the caller holds one of its roles.
func (s *Server) permitted(k *call, id string) (*contract.Operation, bool) {
	at := slices.IndexFunc(s.contract.Operations, func(op *contract.Operation) bool { return op.ID == id })
	if at < 0 {
		return nil, false
	}
	op := s.contract.Operations[at]
	may := slices.ContainsFunc(op.Roles, func(r string) bool {
		return r == "everyone" || slices.ContainsFunc(k.by.Roles, func(mine who.Role) bool { return string(mine) == r })
	})
	return op, may
}

// wireAction fills the ids into the operation's path; what the path has no place for goes into the query.
func wireAction(k *call, op *contract.Operation, a scans.Action) scanAction {
	w := scanAction{Operation: op.ID, Method: op.Method, Href: op.Path, Title: a.Title.In(k.lang())}
	query := url.Values{}
	for name, id := range a.IDs {
		filled := strings.ReplaceAll(w.Href, "{"+name+"}", id.String())
		if filled == w.Href {
			query.Set(name, id.String())
		}
		w.Href = filled
	}
	if len(query) > 0 {
		w.Href += "?" + query.Encode()
	}
	if op.Versioned {
		w.Version = orNull(a.Version)
	}
	return w
}
