package scans

import (
	"context"
	"slices"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/inventory"
	"callout/inventory/gs1"

	"github.com/google/uuid"
)

// Scanner reads labels.
type Scanner struct{ *inventory.Ledger }

// NewScanner returns the scanner that reads the books of ledger.
func NewScanner(ledger *inventory.Ledger) *Scanner { return &Scanner{ledger} }

// Ask is a scan, and where it was made as far as the scanner knows.
type Ask struct {
	Scan       string
	JobID      *uuid.UUID // the job at hand
	LocationID *uuid.UUID // where whoever scans stands
}

// Meaning is all that a scan can mean to somebody.
type Meaning struct {
	Code    gs1.Code
	Matches []Match
}

// Resolve says what a scan means to the actor: out of the rows that he sees, all that it names,
// with what he could do next in their present states. A scan that is broken is fault.Invalid, as is
// a job or a place that is not there; one that names nothing known has no matches.
func (s *Scanner) Resolve(ctx context.Context, by who.Actor, ask Ask) (Meaning, error) {
	var f fault.Faults
	code, err := gs1.Parse(ask.Scan)
	if err != nil {
		f = append(f, fault.Field{Pointer: "/scan", Detail: fault.From(err).Detail})
	}
	at, err := s.look(ctx, by, ask, &f)
	if err != nil {
		return Meaning{}, err
	}
	if err := f.Err(fault.Invalid, "this scan cannot be read"); err != nil {
		return Meaning{}, err
	}
	names, err := s.named(ctx, by, code)
	if err != nil {
		return Meaning{}, err
	}
	r, err := s.read(ctx, by, at, names)
	if err != nil {
		return Meaning{}, err
	}
	m := Meaning{Code: code, Matches: r.ofUnits()}
	for _, tell := range []func(context.Context) ([]Match, error){r.ofParts, r.ofLocations, r.ofPapers} {
		matches, err := tell(ctx)
		if err != nil {
			return Meaning{}, err
		}
		m.Matches = append(m.Matches, matches...)
	}
	return m, nil
}

// reading is a scan that is being told of: by whom and from where it was made, what it names, the
// units among that, and the papers that wait for these parts.
type reading struct {
	*Scanner
	vantage

	by     who.Actor
	names  found
	units  []unitRow
	visits map[uuid.UUID]visit // by the movement that brought a unit to a customer
	due    []waitingRow
	blind  inventory.Blind
}

func (s *Scanner) read(ctx context.Context, by who.Actor, at vantage, names found) (r reading, err error) {
	r = reading{Scanner: s, vantage: at, by: by, names: names}
	if err := r.readUnits(ctx); err != nil {
		return r, err
	}
	parts, serials, places := slices.Concat([]uuid.UUID{}, names[KindPart]), []string{}, slices.Concat([]uuid.UUID{}, names[KindLocation])
	for _, u := range r.units {
		parts, serials = append(parts, u.PartID), append(serials, u.Serial)
		if u.LocationID != nil {
			places = append(places, *u.LocationID)
		}
	}
	if at.LocationID != nil {
		places = append(places, *at.LocationID)
	}
	if len(parts)+len(names[KindLocation]) > 0 {
		if r.blind, err = s.Blind(ctx, by); err != nil {
			return r, err
		}
		r.due, err = pg.Query[waitingRow](ctx, s.DB(), waitingSQL, by.OutletID, inventory.OnlyHis(by), parts, serials, by.TechnicianID, places, inventory.ActorID(by))
	}
	return r, err
}

// vantage is where the actor stands: his van and the jobs that he may use parts on now.
type vantage struct {
	Van        *uuid.UUID
	LocationID *uuid.UUID
	Jobs       []job
	Bound      bool // to his van: a technician moves nothing else
}

type job struct {
	ID     uuid.UUID
	Number string
}

// Parts are used from the arrival to the signature.
const standingSQL = `
SELECT t.van_id, j.id, coalesce(j.number, '') AS number FROM technicians t
LEFT JOIN LATERAL (SELECT j.id, j.number, b.starts_at FROM bookings b JOIN jobs j ON j.id = b.job_id
  WHERE b.technician_id = t.id AND b.active AND j.status IN ('on_site', 'working', 'on_hold', 'finished') AND ($2::uuid IS NULL OR j.id = $2)
  ORDER BY b.starts_at LIMIT 3) j ON true
WHERE t.id = $1 ORDER BY j.starts_at`

const visibleSQL = `
SELECT EXISTS (SELECT FROM locations l WHERE l.id = $1 AND ($3::uuid IS NULL OR l.outlet_id IS NULL OR l.outlet_id = $3)) AS place,
  EXISTS (SELECT FROM jobs j WHERE j.id = $2 AND ($3::uuid IS NULL OR j.outlet_id = $3)
    AND ($4::uuid IS NULL OR EXISTS (SELECT FROM bookings b WHERE b.job_id = j.id AND b.technician_id = $4 AND b.active))) AS job`

func (s *Scanner) look(ctx context.Context, by who.Actor, ask Ask, f *fault.Faults) (h vantage, err error) {
	h.LocationID, h.Bound = ask.LocationID, by.OnlyTechnician()
	if ask.LocationID != nil || ask.JobID != nil {
		type visible struct{ Place, Job bool }
		rows, err := pg.Query[visible](ctx, s.DB(), visibleSQL, ask.LocationID, ask.JobID, by.OutletID, inventory.OnlyHis(by))
		if err != nil {
			return h, err
		}
		if ask.LocationID != nil && !rows[0].Place {
			f.Add("/location_id", "no such %s", words.Noun("location"))
		}
		if ask.JobID != nil && !rows[0].Job {
			f.Add("/job_id", "no such %s", words.Noun("job"))
		}
	}
	if by.TechnicianID == nil {
		return h, nil
	}
	type standing struct {
		VanID  *uuid.UUID
		ID     *uuid.UUID // of a job
		Number string
	}
	rows, err := pg.Query[standing](ctx, s.DB(), standingSQL, *by.TechnicianID, ask.JobID)
	for _, r := range rows {
		if h.Van = r.VanID; r.ID != nil {
			h.Jobs = append(h.Jobs, job{*r.ID, r.Number})
		}
	}
	return h, err
}
