package api

import (
	"net/http"
	"time"

	"callout/evidence"
	"callout/inventory/receiving"

	"github.com/google/uuid"
)

func (s *Server) deliveriesHandlers() map[string]handler {
	return map[string]handler{
		"listDeliveries": s.listDeliveries, "announceDelivery": s.announceDelivery, "getDelivery": s.getDelivery, "amendDelivery": s.amendDelivery,
		"countDelivery": s.countDelivery, "recountDelivery": s.recountDelivery, "receiveDelivery": s.receiveDelivery,
		"closeDelivery": s.closeDelivery, "cancelDelivery": s.cancelDelivery,
		"putDeliveryPhoto": s.putDeliveryPhoto, "getDeliveryPhoto": s.getDeliveryPhoto,
	}
}

func (s *Server) listDeliveries(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	f := receiving.Filter{
		Status: receiving.Status(k.query("status")), SupplierID: k.queryID("supplier_id"), WarehouseID: k.queryID("warehouse_id"), NoteNumber: k.query("note_number"),
		OutletID: k.queryID("outlet_id"), From: k.queryTime("from"), To: k.queryTime("to"), PartID: k.queryID("part_id"),
	}
	page, next, err := s.Dock.List(k.ctx, k.by, f, after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, page, further(next), wireDelivery)
}

func (s *Server) announceDelivery(k *call) (answer, error) {
	var body struct {
		SupplierID  uuid.UUID  `json:"supplier_id"`
		NoteNumber  string     `json:"note_number"`
		WarehouseID uuid.UUID  `json:"warehouse_id"`
		RestOfID    *uuid.UUID `json:"rest_of_id"`
		ExpectedAt  *time.Time `json:"expected_at"`
		Note        string     `json:"note"`
		Lines       []struct {
			PartID   uuid.UUID `json:"part_id"`
			Quantity int       `json:"quantity"`
			UnitCost *int64    `json:"unit_cost"`
			Serials  []string  `json:"serials"`
			Lot      *string   `json:"lot"`
		} `json:"lines"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	a := receiving.Announced{
		SupplierID: body.SupplierID, NoteNumber: body.NoteNumber, WarehouseID: body.WarehouseID, RestOfID: body.RestOfID, ExpectedAt: body.ExpectedAt, Note: body.Note,
	}
	for _, l := range body.Lines {
		a.Lines = append(a.Lines, receiving.AnnouncedLine(l))
	}
	d, err := s.Dock.Announce(k.ctx, k.by, a)
	if err != nil {
		return answer{}, err
	}
	return created("/v1/deliveries/"+d.ID.String(), d.Version, wireDelivery(d))
}

func (s *Server) getDelivery(k *call) (answer, error) {
	return replyDelivery(s.Dock.Find(k.ctx, k.by, k.id("delivery_id")))
}

func (s *Server) amendDelivery(k *call) (answer, error) {
	var body struct {
		Note       *string             `json:"note"`
		ExpectedAt optional[time.Time] `json:"expected_at"`
		Lines      []struct {
			PartID   uuid.UUID       `json:"part_id"`
			Quantity *int            `json:"quantity"`
			UnitCost optional[int64] `json:"unit_cost"`
			Serials  *[]string       `json:"serials"`
		} `json:"lines"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	c := receiving.Correction{Note: body.Note, ExpectedAt: body.ExpectedAt.set()}
	for _, l := range body.Lines {
		c.Lines = append(c.Lines, receiving.CorrectedLine{PartID: l.PartID, Quantity: l.Quantity, UnitCost: l.UnitCost.set(), Serials: l.Serials})
	}
	return replyDelivery(s.Dock.Amend(k.ctx, k.by, k.id("delivery_id"), k.version(), c))
}

func (s *Server) countDelivery(k *call) (answer, error) {
	var body struct {
		Lines []struct {
			PartID      uuid.UUID   `json:"part_id"`
			Quantity    int         `json:"quantity"`
			Serials     []string    `json:"serials"`
			Scans       []string    `json:"scans"`
			ModelOK     bool        `json:"model_ok"`
			MarkingOK   bool        `json:"marking_ok"`
			PackagingOK bool        `json:"packaging_ok"`
			Note        string      `json:"note"`
			PhotoIDs    []uuid.UUID `json:"photo_ids"`
		} `json:"lines"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	lines := make([]receiving.CountLine, len(body.Lines))
	for i, l := range body.Lines {
		counted := stockLine{PartID: l.PartID, Quantity: l.Quantity, Serials: l.Serials, Scans: l.Scans}
		lines[i] = receiving.CountLine{
			Line: stockLines([]stockLine{counted})[0], Checks: receiving.Checks{ModelOK: l.ModelOK, MarkingOK: l.MarkingOK, PackagingOK: l.PackagingOK},
			Note: l.Note, Photos: l.PhotoIDs,
		}
	}
	return replyDelivery(s.Dock.Count(k.ctx, k.by, k.id("delivery_id"), lines))
}

func (s *Server) recountDelivery(k *call) (answer, error) {
	var body struct {
		PartID uuid.UUID `json:"part_id"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	return replyDelivery(s.Dock.Recount(k.ctx, k.by, k.id("delivery_id"), k.version(), body.PartID))
}

func (s *Server) receiveDelivery(k *call) (answer, error) {
	var body struct {
		PutAway []struct {
			PartID     uuid.UUID `json:"part_id"`
			LocationID uuid.UUID `json:"location_id"`
		} `json:"put_away"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	away := make([]receiving.PutAway, len(body.PutAway))
	for i, a := range body.PutAway {
		away[i] = receiving.PutAway(a)
	}
	return replyDelivery(s.Dock.Receive(k.ctx, k.by, k.id("delivery_id"), k.version(), away))
}

func (s *Server) closeDelivery(k *call) (answer, error) {
	var body struct {
		Reason string `json:"reason"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	return replyDelivery(s.Dock.Close(k.ctx, k.by, k.id("delivery_id"), k.version(), body.Reason))
}

func (s *Server) cancelDelivery(k *call) (answer, error) {
	var body struct {
		Reason string `json:"reason"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	return replyDelivery(s.Dock.Cancel(k.ctx, k.by, k.id("delivery_id"), k.version(), body.Reason))
}

// replyDelivery answers with the delivery as it is now, and every entry of its count.
func replyDelivery(d receiving.Delivery, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	return versioned(d.Version, wireCounted(d))
}

func (s *Server) putDeliveryPhoto(k *call) (answer, error) {
	r := k.gin.Request
	bytes := upload{http.MaxBytesReader(k.gin.Writer, r.Body, evidence.MaxPhotoBytes)}
	p, err := s.Dock.AddPhoto(k.ctx, k.by, k.id("delivery_id"), k.id("delivery_photo_id"), r.Header.Get("Content-Type"), bytes)
	if err != nil {
		return answer{}, err
	}
	return shown(wireDeliveryPhoto(p))
}

func (s *Server) getDeliveryPhoto(k *call) (answer, error) {
	p, bytes, err := s.Dock.OpenPhoto(k.ctx, k.by, k.id("delivery_id"), k.id("delivery_photo_id"))
	if err != nil {
		return answer{}, err
	}
	return download(p.MediaType, p.Size, bytes).named("inline", "photo-"+p.ID.String(), p.SHA256), nil
}
