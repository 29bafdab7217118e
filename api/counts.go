package api

import (
	"bytes"
	"io"

	"callout/inventory/counts"

	"github.com/google/uuid"
)

func (s *Server) countsHandlers() map[string]handler {
	return map[string]handler{
		"listCounts": s.listCounts, "openCount": s.openCount, "getCount": s.getCount, "scanIntoCount": s.scanIntoCount, "countLines": s.countLines,
		"finishCount": s.finishCount, "getCountSheet": s.getCountSheet, "getCountSpreadsheet": s.getCountSpreadsheet, "explainCount": s.explainCount,
		"recount": s.recount, "approveCount": s.approveCount, "cancelCount": s.cancelCount, "listLastCounts": s.listLastCounts,
	}
}

func (s *Server) listCounts(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	f := counts.Filter{
		Status: counts.Status(k.query("status")), LocationID: k.queryID("location_id"),
		OutletID: k.queryID("outlet_id"), From: k.queryTime("from"), To: k.queryTime("to"),
	}
	page, next, err := s.Counts.List(k.ctx, k.by, f, after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, page, further(next), func(c counts.Count) stockCount { return wireCount(k, c) })
}

func (s *Server) openCount(k *call) (answer, error) {
	var body struct {
		LocationID uuid.UUID     `json:"location_id"`
		Scope      counts.Scope  `json:"scope"`
		WithBins   bool          `json:"with_bins"`
		PartIDs    []uuid.UUID   `json:"part_ids"`
		Choose     counts.Choice `json:"choose"`
		Limit      int           `json:"limit"`
		Note       string        `json:"note"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	c, err := s.Counts.Open(k.ctx, k.by, counts.Opening{
		LocationID: body.LocationID, WithBins: body.WithBins, Scope: body.Scope, PartIDs: body.PartIDs, Choose: body.Choose, Limit: body.Limit, Note: body.Note,
	})
	if err != nil {
		return answer{}, err
	}
	return created("/v1/counts/"+c.ID.String(), c.Version, wireCount(k, c))
}

func (s *Server) getCount(k *call) (answer, error) {
	c, err := s.Counts.Find(k.ctx, k.by, k.id("count_id"))
	return replyCount(k, c, err)
}

func (s *Server) scanIntoCount(k *call) (answer, error) {
	var body struct {
		LocationID *uuid.UUID `json:"location_id"`
		Scans      []string   `json:"scans"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	c, err := s.Counts.Scan(k.ctx, k.by, k.id("count_id"), body.LocationID, body.Scans)
	return replyCount(k, c, err)
}

func (s *Server) countLines(k *call) (answer, error) {
	var body struct {
		LocationID *uuid.UUID `json:"location_id"`
		Anew       bool       `json:"anew"`
		Lines      []struct {
			PartID   uuid.UUID `json:"part_id"`
			Quantity *int      `json:"quantity"`
			Serials  []string  `json:"serials"`
		} `json:"lines"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	told := make([]counts.Told, len(body.Lines))
	for i, l := range body.Lines {
		told[i] = counts.Told(l)
	}
	c, err := s.Counts.Count(k.ctx, k.by, k.id("count_id"), body.LocationID, body.Anew, told)
	return replyCount(k, c, err)
}

func (s *Server) finishCount(k *call) (answer, error) {
	var body struct {
		UncountedAs counts.Uncounted `json:"uncounted_as"`
		Reason      string           `json:"reason"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	c, err := s.Counts.Finish(k.ctx, k.by, k.id("count_id"), k.version(), body.UncountedAs, body.Reason)
	return replyCount(k, c, err)
}

func (s *Server) getCountSheet(k *call) (answer, error) {
	sheet, err := s.Counts.Sheet(k.ctx, k.by, k.id("count_id"))
	if err != nil {
		return answer{}, err
	}
	return shown(wireCountSheet(k, sheet)) // without an ETag: it changes with the books, and the count's version does not
}

func (s *Server) getCountSpreadsheet(k *call) (answer, error) {
	sheet, err := s.Counts.Sheet(k.ctx, k.by, k.id("count_id"))
	if err != nil {
		return answer{}, err
	}
	b, err := sheet.XLSX(k.lang())
	if err != nil {
		return answer{}, err
	}
	a := download("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", int64(len(b)), io.NopCloser(bytes.NewReader(b)))
	return a.with("Content-Disposition", `attachment; filename="`+sheet.Count.Number+`.xlsx"`), nil
}

func (s *Server) explainCount(k *call) (answer, error) {
	var body struct {
		Lines []struct {
			LocationID uuid.UUID     `json:"location_id"`
			PartID     uuid.UUID     `json:"part_id"`
			Reason     counts.Reason `json:"reason"`
			Note       string        `json:"note"`
		} `json:"lines"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	all := make([]counts.Explanation, len(body.Lines))
	for i, l := range body.Lines {
		all[i] = counts.Explanation{Spot: counts.Spot{LocationID: l.LocationID, PartID: l.PartID}, Reason: l.Reason, Note: l.Note}
	}
	sheet, err := s.Counts.Explain(k.ctx, k.by, k.id("count_id"), k.version(), all)
	return replyCountSheet(k, sheet, err)
}

func (s *Server) recount(k *call) (answer, error) {
	var body struct {
		Lines []struct {
			LocationID uuid.UUID `json:"location_id"`
			PartID     uuid.UUID `json:"part_id"`
		} `json:"lines"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	spots := make([]counts.Spot, len(body.Lines))
	for i, l := range body.Lines {
		spots[i] = counts.Spot(l)
	}
	c, err := s.Counts.Recount(k.ctx, k.by, k.id("count_id"), k.version(), spots)
	return replyCount(k, c, err)
}

func (s *Server) approveCount(k *call) (answer, error) {
	sheet, err := s.Counts.Approve(k.ctx, k.by, k.id("count_id"), k.version())
	return replyCountSheet(k, sheet, err)
}

func (s *Server) cancelCount(k *call) (answer, error) {
	c, err := s.Counts.Cancel(k.ctx, k.by, k.id("count_id"), k.version())
	return replyCount(k, c, err)
}

func (s *Server) listLastCounts(k *call) (answer, error) {
	var after counts.LastKey
	if err := k.cursor(&after); err != nil {
		return answer{}, err
	}
	f := counts.LastFilter{LocationID: k.queryID("location_id"), PartID: k.queryID("part_id"), OutletID: k.queryID("outlet_id")}
	page, next, err := s.Counts.ListLast(k.ctx, k.by, f, after, k.limit())
	if err != nil {
		return answer{}, err
	}
	var further any
	if next != (counts.LastKey{}) {
		further = next
	}
	return listed(k, page, further, func(l counts.Last) lastCount { return wireLastCount(k, l) })
}

// replyCount answers with the count as it is now.
func replyCount(k *call, c counts.Count, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	return versioned(c.Version, wireCount(k, c))
}

// replyCountSheet answers with the variance sheet as it is now.
func replyCountSheet(k *call, s counts.Sheet, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	return versioned(s.Count.Version, wireCountSheet(k, s))
}
