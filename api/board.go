package api

import (
	"time"

	"callout/dispatch"
	"callout/internal/words"

	"github.com/google/uuid"
)

func (s *Server) boardHandlers() map[string]handler {
	return map[string]handler{
		"getBoard": s.getBoard, "autoAssignDay": s.autoAssignDay, "getBoardRun": s.getBoardRun, "getAgenda": s.getAgenda,
	}
}

// technicianDay is a row of the board.
type technicianDay struct {
	Technician technician `json:"technician"`
	Shifts     []shift    `json:"shifts"`
	Absences   []absence  `json:"absences"`
	Jobs       []job      `json:"jobs"`
}

func wireRow(r dispatch.Row, l words.Language) technicianDay {
	return technicianDay{
		Technician: wireTechnician(r.Technician), Shifts: each(r.Shifts, wireShift), Absences: each(r.Absences, wireAbsence),
		Jobs: each(r.Jobs, func(j dispatch.Job) job { return wireExpected(j, r.Outlooks[j.ID], l) }),
	}
}

func (s *Server) getBoard(k *call) (answer, error) {
	day := k.queryDay("day")
	p, err := s.Board.Picture(k.ctx, k.by, *k.queryID("outlet_id"), *day)
	if err != nil {
		return answer{}, err
	}
	return shown(struct {
		OutletID    uuid.UUID       `json:"outlet_id"`
		Day         string          `json:"day"`
		From        time.Time       `json:"from"`
		To          time.Time       `json:"to"`
		Technicians []technicianDay `json:"technicians"`
		Unassigned  []job           `json:"unassigned"`
		More        bool            `json:"more"`
	}{
		p.Outlet.ID, day.Format(time.DateOnly), p.From, p.To,
		each(p.Rows, func(r dispatch.Row) technicianDay { return wireRow(r, k.lang()) }),
		each(p.Unassigned, func(j dispatch.Job) job { return wireJob(j, k.lang()) }), p.More,
	})
}

// boardRun is a mass assignment.
type boardRun struct {
	ID        uuid.UUID          `json:"id"`
	Status    dispatch.RunStatus `json:"status"`
	Day       string             `json:"day"`
	DryRun    bool               `json:"dry_run"`
	OutletIDs []uuid.UUID        `json:"outlet_ids"`
	Total     int                `json:"total"`
	Done      int                `json:"done"`
	Assigned  int                `json:"assigned"`
	Outlets   []runOutlet        `json:"outlets"`
	Version   int                `json:"version"`
	CreatedAt time.Time          `json:"created_at"`
	UpdatedAt time.Time          `json:"updated_at"`
}

type runOutlet struct {
	OutletID uuid.UUID   `json:"outlet_id"`
	Assigned int         `json:"assigned"`
	Placed   []placement `json:"placed"`
	Unserved []skipped   `json:"unserved"`
	Changed  []skipped   `json:"changed"`
}

type placement struct {
	JobID        uuid.UUID `json:"job_id"`
	Number       string    `json:"number"`
	TechnicianID uuid.UUID `json:"technician_id"`
	StartsAt     time.Time `json:"starts_at"`
	EndsAt       time.Time `json:"ends_at"`
}

type skipped struct {
	JobID  uuid.UUID `json:"job_id"`
	Number string    `json:"number"`
	Code   string    `json:"code"`
	Text   string    `json:"text"`
}

func wireRun(r dispatch.Run, l words.Language) boardRun {
	w := boardRun{
		ID: r.ID, Status: r.Status, Day: r.Day.Format(time.DateOnly), DryRun: r.DryRun, OutletIDs: r.Outlets, Total: r.Total, Done: r.Done,
		Assigned: r.Assigned, Outlets: []runOutlet{}, Version: r.Version, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
	}
	skip := func(s dispatch.Skipped) skipped { return skipped{s.JobID, s.Number, s.Code, s.Text.In(l)} }
	for _, id := range r.Outlets {
		if one, finished := r.Results[id]; finished {
			w.Outlets = append(w.Outlets, runOutlet{
				id, one.Assigned, each(one.Placed, func(p dispatch.Placed) placement { return placement(p) }), each(one.Unserved, skip), each(one.Changed, skip),
			})
		}
	}
	return w
}

func (s *Server) autoAssignDay(k *call) (answer, error) {
	var body struct {
		Day       string      `json:"day"`
		OutletIDs []uuid.UUID `json:"outlet_ids"`
		DryRun    bool        `json:"dry_run"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	r, err := s.Board.StartRun(k.ctx, k.by, dispatch.NewRun{Day: *date(body.Day), Outlets: body.OutletIDs, DryRun: body.DryRun})
	if err != nil {
		return answer{}, err
	}
	return accepted("/v1/board/runs/"+r.ID.String(), wireRun(r, k.lang()))
}

func (s *Server) getBoardRun(k *call) (answer, error) {
	r, err := s.Board.FindRun(k.ctx, k.by, k.id("run_id"))
	if err != nil {
		return answer{}, err
	}
	return versioned(r.Version, wireRun(r, k.lang()))
}

// agendaVisit is a job with whom it takes the technician to.
type agendaVisit struct {
	Job         job     `json:"job"`
	Customer    string  `json:"customer"`
	Phone       *string `json:"phone"`
	Site        string  `json:"site"`
	Address     string  `json:"address"`
	AccessNotes string  `json:"access_notes"`
}

func (s *Server) getAgenda(k *call) (answer, error) {
	day := k.queryDay("day")
	a, err := s.Board.Agenda(k.ctx, k.by, k.id("technician_id"), *day)
	if err != nil {
		return answer{}, err
	}
	return shown(struct {
		Day        string        `json:"day"`
		From       time.Time     `json:"from"`
		To         time.Time     `json:"to"`
		Technician technician    `json:"technician"`
		Shifts     []shift       `json:"shifts"`
		Absences   []absence     `json:"absences"`
		Visits     []agendaVisit `json:"visits"`
	}{
		day.Format(time.DateOnly), a.From, a.To, wireTechnician(a.Technician), each(a.Shifts, wireShift), each(a.Absences, wireAbsence),
		each(a.Jobs, func(j dispatch.Job) agendaVisit {
			v := a.Visits[j.ID]
			return agendaVisit{wireExpected(j, a.Outlooks[j.ID], k.lang()), v.CustomerName, v.Phone, v.SiteName, v.Address, v.AccessNotes}
		}),
	})
}
