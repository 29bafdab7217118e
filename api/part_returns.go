package api

import (
	"encoding/hex"
	"time"

	"callout/inventory/returns"

	"github.com/google/uuid"
)

func (s *Server) partReturnsHandlers() map[string]handler {
	return map[string]handler{
		"listPartReturns": s.listPartReturns, "receiveUnannounced": s.receiveUnannounced, "getPartReturn": s.getPartReturn,
		"collectPartReturn": s.collectPartReturn, "shipPartReturn": s.shipPartReturn, "handInPartReturn": s.handInPartReturn,
		"receivePartReturn": s.receivePartReturn, "waivePartReturn": s.waivePartReturn, "getPartReturnWaiver": s.getPartReturnWaiver,
		"expectPartReturnAgain": s.expectPartReturnAgain, "resolvePartReturn": s.resolvePartReturn, "appraisePartReturn": s.appraisePartReturn, "disposePartReturn": s.disposePartReturn,
		"takeVendorResult": s.takeVendorResult, "listPartReturnShipments": s.listPartReturnShipments, "shipPartReturns": s.shipPartReturns,
		"getPartReturnShipment": s.getPartReturnShipment, "listPartReturnHistory": s.listPartReturnHistory,
	}
}

func (s *Server) listPartReturns(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	f := returns.Filter{
		Status: returns.Status(k.query("status")), TechnicianID: k.queryID("technician_id"), JobID: k.queryID("job_id"), Serial: k.query("serial"),
		Waybill: k.query("waybill"), Open: k.queryBool("open"), Overdue: k.queryBool("overdue"), Unsigned: k.queryBool("unsigned"),
		OutletID: k.queryID("outlet_id"), Number: k.query("number"), Discrepancy: returns.Discrepancy(k.query("discrepancy")), PartID: k.queryID("part_id"),
		WarehouseID: k.queryID("warehouse_id"), From: k.queryTime("from"), To: k.queryTime("to"), WitnessID: k.queryID("witness_id"),
	}
	page, next, err := s.Returns.List(k.ctx, k.by, f, after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, page, further(next), wirePartReturn)
}

func (s *Server) getPartReturn(k *call) (answer, error) {
	return replyPartReturn(s.Returns.Find(k.ctx, k.by, k.id("part_return_id")))
}

// scannedThing is what somebody holds in his hand, among the members of a body.
type scannedThing struct {
	PartID   *uuid.UUID `json:"part_id"`
	Serial   string     `json:"serial"`
	Quantity int        `json:"quantity"`
	Scan     string     `json:"scan"`
}

// cameBack is what a warehouse found at its counter.
type cameBack struct {
	scannedThing

	WarehouseID uuid.UUID `json:"warehouse_id"`
	Missing     bool      `json:"missing"`
	Damaged     bool      `json:"damaged"`
	Note        string    `json:"note"`
}

func (b cameBack) domain() returns.Scan {
	return returns.Scan{Thing: returns.Thing(b.scannedThing), WarehouseID: b.WarehouseID, Missing: b.Missing, Damaged: b.Damaged, Note: b.Note}
}

func (s *Server) receiveUnannounced(k *call) (answer, error) {
	var body struct {
		cameBack

		JobID        *uuid.UUID `json:"job_id"`
		TechnicianID *uuid.UUID `json:"technician_id"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	r, err := s.Returns.ReceiveUnannounced(k.ctx, k.by, returns.Found{Scan: body.domain(), JobID: body.JobID, TechnicianID: body.TechnicianID})
	if err != nil {
		return answer{}, err
	}
	return created("/v1/part-returns/"+r.ID.String(), r.Version, wirePartReturn(r))
}

func (s *Server) collectPartReturn(k *call) (answer, error) {
	var body struct {
		PhotoIDs   []uuid.UUID `json:"photo_ids"`
		Serial     string      `json:"serial"`
		Scan       string      `json:"scan"`
		Note       string      `json:"note"`
		OccurredAt time.Time   `json:"occurred_at"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	return replyPartReturn(s.Returns.Collect(k.ctx, k.by, k.id("part_return_id"), k.version(), returns.Collection(body)))
}

func (s *Server) handInPartReturn(k *call) (answer, error) {
	var body cameBack
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	return replyPartReturn(s.Returns.HandIn(k.ctx, k.by, k.id("part_return_id"), k.version(), body.domain()))
}

func (s *Server) receivePartReturn(k *call) (answer, error) {
	var body cameBack
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	return replyPartReturn(s.Returns.Receive(k.ctx, k.by, k.id("part_return_id"), k.version(), body.domain()))
}

func (s *Server) waivePartReturn(k *call) (answer, error) {
	var body struct {
		Signature struct {
			Signer string `json:"signer"`
			PNG    []byte `json:"png"`
		} `json:"signature"`
		SignOffID *uuid.UUID `json:"sign_off_id"`
		Note      string     `json:"note"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	return replyPartReturn(s.Returns.Waive(k.ctx, k.by, k.id("part_return_id"), k.version(), returns.Waiving{
		Signer: body.Signature.Signer, PNG: body.Signature.PNG, SignOffID: body.SignOffID, Note: body.Note,
	}))
}

func (s *Server) listPartReturnHistory(k *call) (answer, error) {
	all, err := s.Returns.History(k.ctx, k.by, k.id("part_return_id"))
	if err != nil {
		return answer{}, err
	}
	return shown(whole[paperEntry]{each(all, wirePaperEntry(k.lang()))})
}

func (s *Server) getPartReturnWaiver(k *call) (answer, error) {
	w, err := s.Returns.FindWaiver(k.ctx, k.by, k.id("part_return_id"))
	if err != nil {
		return answer{}, err
	}
	return shown(struct {
		Signer   string     `json:"signer"`
		PNG      []byte     `json:"png"`
		SHA256   string     `json:"sha256"`
		TakenBy  *uuid.UUID `json:"taken_by"`
		SignedAt time.Time  `json:"signed_at"`
	}{w.Signer, w.PNG, hex.EncodeToString(w.SHA256), w.TakenBy, w.SignedAt})
}

func (s *Server) expectPartReturnAgain(k *call) (answer, error) {
	var body struct {
		Reason string `json:"reason"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	return replyPartReturn(s.Returns.DueAgain(k.ctx, k.by, k.id("part_return_id"), k.version(), body.Reason))
}

func (s *Server) resolvePartReturn(k *call) (answer, error) {
	var body struct {
		Resolution returns.Resolution `json:"resolution"`
		Note       string             `json:"note"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	return replyPartReturn(s.Returns.Resolve(k.ctx, k.by, k.id("part_return_id"), k.version(), body.Resolution, body.Note))
}

func (s *Server) appraisePartReturn(k *call) (answer, error) {
	var body struct {
		Verdict  returns.Verdict `json:"verdict"`
		PhotoIDs []uuid.UUID     `json:"photo_ids"`
		Note     string          `json:"note"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	return replyPartReturn(s.Returns.Appraise(k.ctx, k.by, k.id("part_return_id"), k.version(), body.Verdict, body.PhotoIDs, body.Note))
}

func (s *Server) disposePartReturn(k *call) (answer, error) {
	var body struct {
		Kind       returns.DispositionKind `json:"kind"`
		LocationID *uuid.UUID              `json:"location_id"`
		WitnessID  *uuid.UUID              `json:"witness_id"`
		RMA        string                  `json:"rma"`
		UnitCost   *int64                  `json:"unit_cost"`
		PhotoIDs   []uuid.UUID             `json:"photo_ids"`
		Note       string                  `json:"note"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	return replyPartReturn(s.Returns.Dispose(k.ctx, k.by, k.id("part_return_id"), k.version(), returns.Deciding(body)))
}

func (s *Server) takeVendorResult(k *call) (answer, error) {
	var body struct {
		Result     returns.VendorResult `json:"result"`
		LocationID *uuid.UUID           `json:"location_id"`
		Serial     string               `json:"serial"`
		Scan       string               `json:"scan"`
		UnitCost   *int64               `json:"unit_cost"`
		WitnessID  *uuid.UUID           `json:"witness_id"`
		Note       string               `json:"note"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	return replyPartReturn(s.Returns.TakeAnswer(k.ctx, k.by, k.id("part_return_id"), k.version(), returns.Answer(body)))
}

// replyPartReturn answers with the part return as it is now.
func replyPartReturn(r returns.Return, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	return versioned(r.Version, wirePartReturn(r))
}
