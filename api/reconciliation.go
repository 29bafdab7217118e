package api

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"time"

	"callout/internal/fault"
	"callout/inventory"
	"callout/inventory/audit"

	"github.com/google/uuid"
)

func (s *Server) reconciliationHandlers() map[string]handler {
	return map[string]handler{
		"getReconciliation": s.getReconciliation, "getReconciliationSheet": s.getReconciliationSheet,
		"getReconciliationPaper": s.getReconciliationPaper, "listReconciledMovements": s.listReconciledMovements,
		"listReconciliationRuns": s.listReconciliationRuns, "listStockPeriods": s.listStockPeriods, "lockStockPeriod": s.lockStockPeriod,
	}
}

type reconciledFigures struct {
	Opening  int `json:"opening"`
	Issued   int `json:"issued"`
	Used     int `json:"used"`
	Returned int `json:"returned"`
	Variance int `json:"variance"`
	Closing  int `json:"closing"`
}

type reconciledHolder struct {
	ID   uuid.UUID       `json:"id"`
	Code string          `json:"code"`
	Name string          `json:"name"`
	Kind *inventory.Kind `json:"kind"`
}

type reconciledRow struct {
	Holder     *reconciledHolder `json:"holder"`
	PartID     uuid.UUID         `json:"part_id"`
	PartNumber string            `json:"part_number"`
	PartName   string            `json:"part_name"`
	PartNameZh string            `json:"part_name_zh"`
	Unit       string            `json:"unit"`
	reconciledFigures
	Holds            bool               `json:"holds"`
	Attention        audit.Attention    `json:"attention"`
	Short            int                `json:"short"`
	Currency         string             `json:"currency"`
	UnitCost         *int64             `json:"unit_cost"`
	Values           *reconciledFigures `json:"values"`
	OpenReturns      int                `json:"open_returns"`
	OverdueReturns   int                `json:"overdue_returns"`
	OldestReturnDays *int               `json:"oldest_return_days"`
}

func wireReconciledRow(k *call, r audit.Row) reconciledRow {
	w := reconciledRow{
		PartID: r.PartID, PartNumber: r.PartNumber, PartName: r.PartName, PartNameZh: r.PartNameZh, Unit: r.Unit,
		reconciledFigures: reconciledFigures(r.Figures), Holds: r.Holds(), Attention: r.Attention(), Short: r.Short,
		Currency: r.Currency, UnitCost: r.UnitCost, OpenReturns: r.OpenReturns, OverdueReturns: r.OverdueReturns,
	}
	if r.HolderID != nil {
		w.Holder = &reconciledHolder{ID: *r.HolderID, Code: r.HolderCode, Name: k.called(r.HolderKind, r.HolderName)}
		if r.HolderKind != "" {
			w.Holder.Kind = &r.HolderKind
		}
	}
	if v := r.Values(); v != nil {
		w.Values = new(reconciledFigures(*v))
	}
	if r.OldestReturnAt != nil {
		w.OldestReturnDays = &r.OldestReturnAge
	}
	return w
}

type reconciledTotals struct {
	Currency       string             `json:"currency"`
	Pieces         *reconciledFigures `json:"pieces"`
	Values         reconciledFigures  `json:"values"`
	Units          []reconciledUnit   `json:"units"`
	Unpriced       int                `json:"unpriced"`
	Rows           int                `json:"rows"`
	Unsound        int                `json:"unsound"`
	Variances      int                `json:"variances"`
	Short          *int               `json:"short"`
	OpenReturns    int                `json:"open_returns"`
	OverdueReturns int                `json:"overdue_returns"`
}

// reconciledUnit sums what can be added up: parts of one unit.
type reconciledUnit struct {
	Unit   string            `json:"unit"`
	Pieces reconciledFigures `json:"pieces"`
	Values reconciledFigures `json:"values"`
	Short  int               `json:"short"`
}

type reconciliation struct {
	By     audit.By           `json:"by"`
	From   time.Time          `json:"from"`
	To     time.Time          `json:"to"`
	At     time.Time          `json:"at"`
	Since  *time.Time         `json:"since"`
	Sound  *bool              `json:"sound"`
	Rows   *int               `json:"rows"`
	Totals []reconciledTotals `json:"totals"`
	page[reconciledRow]
}

// reconcileQuery reads what a request asks to reconcile.
func (k *call) reconcileQuery() audit.Query {
	q := audit.Query{
		By: audit.By(k.query("by")), Period: k.query("period"), TechnicianID: k.queryID("technician_id"), OutletID: k.queryID("outlet_id"),
		PartID: k.queryID("part_id"), LocationID: k.queryID("location_id"),
	}
	if q.By == "" {
		q.By = audit.ByTechnician
	}
	q.From, q.To = moment(k.queryTime("from")), moment(k.queryTime("to"))
	return q
}

// moment is one that a client named: never the zero time, which stands for none.
func moment(t *time.Time) time.Time {
	switch {
	case t == nil:
		return time.Time{}
	case t.IsZero():
		return t.Add(time.Second)
	}
	return *t
}

// ofQuery puts the faults of a domain where they stand: this request has no body.
func ofQuery(err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || len(f.Fields) == 0 {
		return err
	}
	return &refused{status: statusOf[f.Code], kind: string(f.Code), detail: f.Detail, fields: place("query", f.Fields)}
}

func (s *Server) getReconciliation(k *call) (answer, error) {
	var after audit.Cursor
	if err := k.cursor(&after); err != nil {
		return answer{}, err
	}
	p, err := s.Auditor.ReconcilePage(k.ctx, k.by, k.reconcileQuery(), after, k.limit())
	if err != nil {
		return answer{}, ofQuery(err)
	}
	var next any
	if p.Next != nil {
		next = p.Next
	}
	a, err := listed(k, p.Rows, next, func(r audit.Row) reconciledRow { return wireReconciledRow(k, r) })
	if err != nil {
		return answer{}, err
	}
	body := reconciliation{By: p.By, From: p.From, To: p.To, At: p.At, Since: p.Since, page: a.body.(page[reconciledRow])}
	if p.First {
		body.Rows, body.Totals, body.Sound = &p.Count, each(p.Totals, wireReconciledTotals), new(p.Sound())
	}
	a.body = body
	return a, nil
}

func wireReconciledTotals(t audit.Totals) reconciledTotals {
	w := reconciledTotals{
		Currency: t.Currency, Values: reconciledFigures(t.Values), Unpriced: t.Unpriced, Rows: t.Rows, Unsound: t.Unsound, Variances: t.Variances,
		OpenReturns: t.OpenReturns, OverdueReturns: t.OverdueReturns,
		Units: each(t.Units, func(u audit.UnitTotals) reconciledUnit {
			return reconciledUnit{u.Unit, reconciledFigures(u.Figures), reconciledFigures(u.Values), u.Short}
		}),
	}
	if len(w.Units) == 1 {
		w.Pieces, w.Short = &w.Units[0].Pieces, &w.Units[0].Short
	}
	return w
}

const spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

func (s *Server) getReconciliationSheet(k *call) (answer, error) {
	r, err := s.Auditor.Reconcile(k.ctx, k.by, k.reconcileQuery())
	if err != nil {
		return answer{}, ofQuery(err)
	}
	b, err := r.XLSX(k.lang())
	return file(spreadsheet, r.FileName()+".xlsx", b), err
}

func (s *Server) getReconciliationPaper(k *call) (answer, error) {
	r, err := s.Auditor.Reconcile(k.ctx, k.by, k.reconcileQuery())
	if err != nil {
		return answer{}, ofQuery(err)
	}
	b, err := r.PDF(k.lang())
	return file("application/pdf", r.FileName()+".pdf", b), err
}

// file answers with bytes to be kept under a name.
func file(mediaType, name string, b []byte) answer {
	return download(mediaType, int64(len(b)), io.NopCloser(bytes.NewReader(b))).
		with("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
}
