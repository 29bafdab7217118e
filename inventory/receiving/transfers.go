package receiving

import (
	"context"
	"strings"
	"time"

	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// An outlet's user sees what his outlet sends or is sent, a technician what concerns his van.
const transfersSQL = `
SELECT t.id, t.number, t.status, t.from_location, f.name AS from_name, f.kind AS from_kind, t.to_location, o.name AS to_name, o.kind AS to_kind, t.transit_id, t.from_outlet, t.to_outlet,
  t.note, t.reason, t.sent_by, t.received_by, t.received_at, t.settled_by, t.version, t.created_at, t.updated_at
FROM transfers t JOIN locations f ON f.id = t.from_location JOIN locations o ON o.id = t.to_location
WHERE ($1::uuid IS NULL OR t.from_outlet = $1 OR t.to_outlet = $1)
  AND ($2::uuid IS NULL OR EXISTS (SELECT FROM technicians e WHERE e.id = $2 AND e.van_id IN (t.from_location, t.to_location)))`

const listTransfersSQL = transfersSQL + `
  AND ($3::uuid = '00000000-0000-0000-0000-000000000000' OR t.id < $3) AND ($4 = '' OR t.status = $4) AND ($5::uuid IS NULL OR t.from_location = $5 OR t.to_location = $5)
  AND ($6::uuid IS NULL OR t.from_outlet = $6 OR t.to_outlet = $6)
  AND ($7::timestamptz IS NULL OR t.created_at >= $7) AND ($8::timestamptz IS NULL OR t.created_at < $8)
  AND ($9 = '' OR t.number = upper($9)) AND ($10::uuid IS NULL OR EXISTS (SELECT FROM transfer_lines l WHERE l.transfer_id = t.id AND l.part_id = $10))
ORDER BY t.id DESC LIMIT $11`

const transferLinesSQL = `
SELECT l.transfer_id, l.part_id, p.number AS part_number, p.name AS part_name, p.name_zh AS part_name_zh, p.serialized, l.quantity, l.serials, l.received, l.received_serials,
  l.returned, l.lost
FROM transfer_lines l JOIN parts p ON p.id = l.part_id WHERE l.transfer_id = ANY($1) ORDER BY l.transfer_id, l.line`

// TransferFilter narrows a list of transfers; the zero filter is all of them.
type TransferFilter struct {
	Status     TransferStatus
	LocationID *uuid.UUID // sent from there, or to there
	OutletID   *uuid.UUID // sent by it, or to it
	From       *time.Time // created then or later
	To         *time.Time // created before
	Number     string     // in capitals or not
	PartID     *uuid.UUID
}

// ListTransfers returns the transfers within the actor's scope, newest first, and the id to go on from; uuid.Nil at the end.
func (d *Dock) ListTransfers(ctx context.Context, by who.Actor, f TransferFilter, after uuid.UUID, limit int) ([]Transfer, uuid.UUID, error) {
	list := inventory.Statement{SQL: listTransfersSQL, Args: []any{by.OutletID, inventory.OnlyHis(by), after, f.Status, f.LocationID, f.OutletID, f.From, f.To, strings.TrimSpace(f.Number), f.PartID}}
	return inventory.Page(ctx, d.DB(), list, limit, func(t Transfer) uuid.UUID { return t.ID }, d.readTransferLines)
}

// FindTransfer returns one transfer within the actor's scope.
func (d *Dock) FindTransfer(ctx context.Context, by who.Actor, id uuid.UUID) (Transfer, error) {
	return d.readTransfer(ctx, by, id, "")
}

func (d *Dock) lockTransfer(ctx context.Context, by who.Actor, id uuid.UUID) (Transfer, error) {
	return d.readTransfer(ctx, by, id, " FOR UPDATE OF t")
}

func (d *Dock) readTransfer(ctx context.Context, by who.Actor, id uuid.UUID, lock string) (Transfer, error) {
	one := inventory.Statement{SQL: transfersSQL + " AND t.id = $3" + lock, Args: []any{by.OutletID, inventory.OnlyHis(by), id}}
	return inventory.Find(ctx, d.DB(), one, "transfer", d.readTransferLines)
}

func (d *Dock) readTransferLines(ctx context.Context, all []Transfer) error {
	return inventory.ReadLines(ctx, d.DB(), transferLinesSQL, all,
		func(t Transfer) uuid.UUID { return t.ID }, func(l TransferLine) uuid.UUID { return l.TransferID }, func(t *Transfer, l TransferLine) { t.Lines = append(t.Lines, l) })
}

const openTransferSQL = `
INSERT INTO transfers (id, number, status, from_location, to_location, transit_id, from_outlet, to_outlet, note, sent_by, version, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`

const openTransferLineSQL = `
INSERT INTO transfer_lines (transfer_id, line, part_id, quantity, serials) VALUES ($1, $2, $3, $4, $5)`

func (d *Dock) openTransfer(ctx context.Context, t Transfer) error {
	_, err := pg.Exec(ctx, d.DB(), openTransferSQL, t.ID, t.Number, t.Status, t.FromLocation, t.ToLocation, t.TransitID, t.FromOutlet, t.ToOutlet,
		t.Note, t.SentBy, t.Version, t.CreatedAt, t.UpdatedAt)
	if err != nil {
		return pg.Fault(err, "transfer")
	}
	for i, l := range t.Lines {
		if _, err := pg.Exec(ctx, d.DB(), openTransferLineSQL, t.ID, i+1, l.PartID, l.Quantity, orNone(l.Serials)); err != nil {
			return pg.Fault(err, "transfer")
		}
	}
	return nil
}

const saveTransferSQL = `
UPDATE transfers SET status = $2, reason = $3, received_by = $4, received_at = $5, settled_by = $6, version = $7, updated_at = $8 WHERE id = $1`

const saveTransferLineSQL = `
UPDATE transfer_lines SET received = $3, received_serials = $4, returned = $5, lost = $6 WHERE transfer_id = $1 AND part_id = $2`

func (d *Dock) saveTransfer(ctx context.Context, t *Transfer) error {
	t.UpdatedAt = d.Now()
	_, err := pg.Exec(ctx, d.DB(), saveTransferSQL, t.ID, t.Status, t.Reason, t.ReceivedBy, t.ReceivedAt, t.SettledBy, t.Version, t.UpdatedAt)
	if err != nil {
		return pg.Fault(err, "transfer")
	}
	for _, l := range t.Lines {
		_, err := pg.Exec(ctx, d.DB(), saveTransferLineSQL, t.ID, l.PartID, l.Received, orNone(l.ReceivedSerials), l.Returned, l.Lost)
		if err != nil {
			return pg.Fault(err, "transfer")
		}
	}
	return nil
}
