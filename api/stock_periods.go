package api

import (
	"encoding/hex"
	"net/http"
	"time"

	"callout/inventory"
	"callout/inventory/audit"

	"github.com/google/uuid"
)

type reconciledMovement struct {
	Amount       int                    `json:"amount"`
	LocationID   uuid.UUID              `json:"location_id"`
	ID           uuid.UUID              `json:"movement_id"`
	PartID       uuid.UUID              `json:"part_id"`
	PartNumber   string                 `json:"part_number"`
	Kind         inventory.MovementKind `json:"kind"`
	FromLocation uuid.UUID              `json:"from_location_id"`
	FromKind     inventory.Kind         `json:"from_kind"`
	ToLocation   uuid.UUID              `json:"to_location_id"`
	ToKind       inventory.Kind         `json:"to_kind"`
	Quantity     int                    `json:"quantity"`
	Short        int                    `json:"short"`
	Serials      []string               `json:"serials"`
	JobID        *uuid.UUID             `json:"job_id"`
	ReferenceID  *uuid.UUID             `json:"reference_id"`
	ReversesID   *uuid.UUID             `json:"reverses_id"`
	Note         string                 `json:"note"`
	MovedBy      *uuid.UUID             `json:"moved_by"`
	OccurredAt   time.Time              `json:"occurred_at"`
	BookedAt     time.Time              `json:"booked_at"`
}

func wireReconciledMovement(e audit.Entry) reconciledMovement {
	e.Serials = orEmpty(e.Serials)
	return reconciledMovement(e)
}

func (s *Server) listReconciledMovements(k *call) (answer, error) {
	var after audit.Step
	if err := k.cursor(&after); err != nil {
		return answer{}, err
	}
	d, step, err := s.Auditor.Movements(k.ctx, k.by, k.reconcileQuery(), audit.Figure(k.query("figure")), after, k.limit())
	if err != nil {
		return answer{}, ofQuery(err)
	}
	var next any
	if step != (audit.Step{}) {
		next = step
	}
	a, err := listed(k, d.Entries, next, wireReconciledMovement)
	if err != nil {
		return answer{}, err
	}
	a.body = struct {
		Figure audit.Figure `json:"figure"`
		Sum    int          `json:"sum"`
		page[reconciledMovement]
	}{d.Figure, d.Sum, a.body.(page[reconciledMovement])}
	return a, nil
}

type reconciliationRun struct {
	ID             uuid.UUID `json:"id"`
	Day            string    `json:"day"`
	RanAt          time.Time `json:"ran_at"`
	Places         int       `json:"places"`
	Unsound        int       `json:"unsound"`
	Variances      int       `json:"variances"`
	Shortages      int       `json:"shortages"`
	OpenReturns    int       `json:"open_returns"`
	OverdueReturns int       `json:"overdue_returns"`
}

func wireReconciliationRun(r audit.Run) reconciliationRun {
	return reconciliationRun{r.ID, r.Day.Format(time.DateOnly), r.RanAt, r.Places, r.Unsound, r.Variances, r.Shortages, r.OpenReturns, r.OverdueReturns}
}

func (s *Server) listReconciliationRuns(k *call) (answer, error) {
	before, err := k.before()
	if err != nil {
		return answer{}, err
	}
	runs, next, err := s.Auditor.ListRuns(k.ctx, before, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, runs, until(next), wireReconciliationRun)
}

type stockPeriod struct {
	ID       uuid.UUID  `json:"id"`
	Name     string     `json:"name"`
	StartsAt *time.Time `json:"starts_at"`
	EndsAt   time.Time  `json:"ends_at"`
	Note     string     `json:"note"`
	LockedBy *uuid.UUID `json:"locked_by"`
	LockedAt time.Time  `json:"locked_at"`
	Hash     string     `json:"hash"`
	Places   int        `json:"places"`
}

func wireStockPeriod(p audit.Period) stockPeriod {
	return stockPeriod{p.ID, p.Name, p.StartsAt, p.EndsAt, p.Note, p.LockedBy, p.LockedAt, hex.EncodeToString(p.Hash), p.Places}
}

func (s *Server) listStockPeriods(k *call) (answer, error) {
	before, err := k.before()
	if err != nil {
		return answer{}, err
	}
	periods, next, err := s.Auditor.ListPeriods(k.ctx, before, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, periods, until(next), wireStockPeriod)
}

func (s *Server) lockStockPeriod(k *call) (answer, error) {
	var body struct {
		Name   string    `json:"name"`
		EndsAt time.Time `json:"ends_at"`
		Note   string    `json:"note"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	p, err := s.Auditor.LockPeriod(k.ctx, k.by, audit.Lock(body))
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusCreated, body: wireStockPeriod(p)}, nil
}

// before is the moment to go on from in a list that runs back in time.
func (k *call) before() (*time.Time, error) {
	var at *time.Time
	err := k.cursor(&at)
	return at, err
}

// until is the next of such a list: nil where there is none.
func until(at *time.Time) any {
	if at == nil {
		return nil
	}
	return at
}
