package api

import (
	"net/http"
	"time"

	"callout/inventory"

	"github.com/google/uuid"
)

func (s *Server) stockHandlers() map[string]handler {
	return map[string]handler{
		"listStock": s.listStock, "receiveStock": s.receiveStock, "transferStock": s.transferStock,
		"listMovements": s.listMovements, "getMovement": s.getMovement, "reverseMovement": s.reverseMovement,
		"listUnits": s.listUnits, "getUnit": s.getUnit,
	}
}

type stockLine struct {
	PartID   uuid.UUID `json:"part_id"`
	Quantity int       `json:"quantity"`
	Serials  []string  `json:"serials"`
	Scans    []string  `json:"scans"`
	UnitCost *int64    `json:"unit_cost"` // only where the contract knows it
}

func stockLines(lines []stockLine) []inventory.Line {
	all := make([]inventory.Line, len(lines))
	for i, l := range lines {
		all[i] = inventory.Line(l)
	}
	return all
}

type stockBalance struct {
	LocationID   uuid.UUID      `json:"location_id"`
	LocationCode string         `json:"location_code"`
	LocationName string         `json:"location_name"`
	LocationKind inventory.Kind `json:"location_kind"`
	PartID       uuid.UUID      `json:"part_id"`
	PartNumber   string         `json:"part_number"`
	PartName     string         `json:"part_name"`
	PartNameZh   string         `json:"part_name_zh"`
	Quantity     *int           `json:"quantity"`
	Reserved     *int           `json:"reserved"`
	Withheld     *string        `json:"withheld"`
}

func wireBalance(k *call, b inventory.Balance) stockBalance {
	w := stockBalance{
		LocationID: b.LocationID, LocationCode: b.LocationCode, LocationName: k.called(b.LocationKind, b.LocationName), LocationKind: b.LocationKind,
		PartID: b.PartID, PartNumber: b.PartNumber, PartName: b.PartName, PartNameZh: b.PartNameZh, Withheld: withheld(b.Withheld),
	}
	if !b.Withheld {
		w.Quantity, w.Reserved = &b.Quantity, &b.Reserved
	}
	return w
}

func (s *Server) listStock(k *call) (answer, error) {
	var after inventory.StockKey
	if err := k.cursor(&after); err != nil {
		return answer{}, err
	}
	f := inventory.StockFilter{
		LocationID: k.queryID("location_id"), PartID: k.queryID("part_id"), Kind: inventory.Kind(k.query("kind")), OutletID: k.queryID("outlet_id"), Any: k.query("q"),
	}
	stock, next, err := s.Ledger.ListStock(k.ctx, k.by, f, after, k.limit())
	if err != nil {
		return answer{}, err
	}
	var further any
	if next != (inventory.StockKey{}) {
		further = next
	}
	return listed(k, stock, further, func(b inventory.Balance) stockBalance { return wireBalance(k, b) })
}

func (s *Server) receiveStock(k *call) (answer, error) {
	var body struct {
		LocationID uuid.UUID   `json:"location_id"`
		Lines      []stockLine `json:"lines"`
		Note       string      `json:"note"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	moved, err := s.Ledger.Receive(k.ctx, k.by, inventory.Receipt{LocationID: body.LocationID, Lines: stockLines(body.Lines), Note: body.Note})
	if err != nil {
		return answer{}, err
	}
	return replyMoved(moved)
}

// carried reads what somebody carries from one place to another, at once or in two steps.
func (k *call) carried() (inventory.Transfer, error) {
	var body struct {
		FromLocation uuid.UUID   `json:"from_location_id"`
		ToLocation   uuid.UUID   `json:"to_location_id"`
		Lines        []stockLine `json:"lines"`
		Note         string      `json:"note"`
	}
	err := k.body(&body)
	return inventory.Transfer{FromLocation: body.FromLocation, ToLocation: body.ToLocation, Lines: stockLines(body.Lines), Note: body.Note}, err
}

func (s *Server) transferStock(k *call) (answer, error) {
	t, err := k.carried()
	if err != nil {
		return answer{}, err
	}
	moved, err := s.Ledger.Transfer(k.ctx, k.by, t)
	if err != nil {
		return answer{}, err
	}
	return replyMoved(moved)
}

// replyMoved answers 201 with the movements of one command.
func replyMoved(moved []inventory.Movement) (answer, error) {
	var body struct {
		Items []stockMovement `json:"items"`
	}
	for _, m := range moved {
		body.Items = append(body.Items, wireMovement(m))
	}
	return answer{status: http.StatusCreated, body: body}, nil
}

type stockMovement struct {
	ID           uuid.UUID              `json:"id"`
	PartID       uuid.UUID              `json:"part_id"`
	FromLocation uuid.UUID              `json:"from_location_id"`
	ToLocation   uuid.UUID              `json:"to_location_id"`
	Quantity     int                    `json:"quantity"`
	Serials      []string               `json:"serials"`
	Kind         inventory.MovementKind `json:"kind"`
	JobID        *uuid.UUID             `json:"job_id"`
	ReferenceID  *uuid.UUID             `json:"reference_id"`
	ReversesID   *uuid.UUID             `json:"reverses_id"`
	ReversedByID *uuid.UUID             `json:"reversed_by_id"`
	Note         string                 `json:"note"`
	MovedBy      *uuid.UUID             `json:"moved_by"`
	MovedAt      time.Time              `json:"moved_at"`
	OccurredAt   time.Time              `json:"occurred_at"`
	BookedAt     time.Time              `json:"booked_at"`
	Value        *int64                 `json:"value"`
	Added        int64                  `json:"added"`
	Currency     string                 `json:"currency"`
	Short        int                    `json:"short"`
	Scans        []string               `json:"scans"`
}

func wireMovement(m inventory.Movement) stockMovement {
	m.Serials, m.Scans = orEmpty(m.Serials), orEmpty(m.Scans)
	return stockMovement(m)
}

// orEmpty makes an absent list an empty one: the contract knows no null for it.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func (s *Server) listMovements(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	f := inventory.MovementFilter{
		PartID: k.queryID("part_id"), LocationID: k.queryID("location_id"), JobID: k.queryID("job_id"), Kind: inventory.MovementKind(k.query("kind")),
		ReferenceID: k.queryID("reference_id"), Serial: k.query("serial"), MovedBy: k.queryID("moved_by"), From: k.queryTime("from"), To: k.queryTime("to"), OutletID: k.queryID("outlet_id"),
	}
	moves, next, err := s.Ledger.ListMovements(k.ctx, k.by, f, after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listedBlindly(s, k, moves, next, wireMovement, f.LocationID, f.PartID)
}

func (s *Server) getMovement(k *call) (answer, error) {
	m, err := s.Ledger.ReadMovement(k.ctx, k.by, k.id("movement_id"))
	if err != nil {
		return answer{}, err
	}
	return shown(wireMovement(m))
}

func (s *Server) reverseMovement(k *call) (answer, error) {
	var body struct {
		Note string `json:"note"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	m, err := s.Uses.Reverse(k.ctx, k.by, k.id("movement_id"), body.Note)
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusCreated, body: wireMovement(m)}.with("Location", "/v1/movements/"+m.ID.String()), nil
}
