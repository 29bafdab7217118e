package receiving

import (
	"context"
	"errors"
	"time"

	"callout/evidence"
	"callout/internal/policy"
	"callout/internal/queue"
	"callout/internal/who"
	"callout/inventory"

	"github.com/google/uuid"
)

// Backorders knows which part requests wait for parts to come in.
type Backorders interface {
	// FillBackorders sets aside for the requests that wait, oldest first, what a warehouse has of
	// the parts now.
	FillBackorders(ctx context.Context, warehouse uuid.UUID, parts []uuid.UUID) error
}

// Asked is a part request that was opened for a van.
type Asked struct {
	ID     uuid.UUID
	Number string
}

// Counter is where part requests are opened.
type Counter interface {
	// AskFor opens a part request for a technician's van.
	AskFor(ctx context.Context, by who.Actor, technician uuid.UUID, reason string, lines []inventory.Line) (Asked, error)
}

// Deps are what the dock stands on besides the ledger.
type Deps struct {
	Counter    Counter
	Backorders Backorders
	Policies   *policy.Book
	Queue      *queue.Queue
	Locker     *evidence.Locker // of the pictures
}

// Dock is where parts come in.
type Dock struct {
	*inventory.Ledger
	deps Deps
}

// New returns the dock that moves parts in ledger.
func New(ledger *inventory.Ledger, deps Deps) *Dock { return &Dock{ledger, deps} }

// fill is the task that sees to those who wait for what has come in. It is no part of the receipt:
// a receipt holds shelves and would wait for requests, while an issue holds a request and waits for shelves.
type fill struct {
	Warehouse uuid.UUID   `json:"warehouse"`
	Parts     []uuid.UUID `json:"parts"`
}

// Kind names the task.
func (fill) Kind() string { return "fill_backorders" }

// restock is the nightly task that fills the vans up where the policy wants that.
type restock struct{}

// Kind names the task.
func (restock) Kind() string { return "restock_vans" }

// Work says who does the tasks of the dock.
func (d *Dock) Work(q *queue.Queue) {
	queue.Handle(q, time.Minute, func(ctx context.Context, t fill) error {
		return d.deps.Backorders.FillBackorders(ctx, t.Warehouse, t.Parts)
	})
	queue.Handle(q, 10*time.Minute, func(ctx context.Context, _ restock) error { return d.Night(ctx) })
	queue.Every(q, 24*time.Hour, restock{})
}

// Night opens the part requests that the vans' levels propose, if the policy says so. What fails
// for one van is told at the end and keeps no other van waiting.
func (d *Dock) Night(ctx context.Context) error {
	figures, err := d.deps.Policies.At(ctx, d.Now())
	if err != nil || figures.Points(policy.ReplenishmentAuto) == 0 {
		return err
	}
	proposals, err := d.Propose(ctx, who.System, ProposalFilter{})
	if err != nil {
		return err
	}
	chosen := map[uuid.UUID][]Choice{}
	for _, p := range proposals {
		chosen[p.VanID] = append(chosen[p.VanID], Choice{VanID: p.VanID, PartID: p.PartID})
	}
	for _, of := range chosen {
		_, failed := d.Replenish(ctx, who.System, of)
		err = errors.Join(err, failed)
	}
	return err
}
