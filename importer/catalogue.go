package importer

import (
	"context"
	"sync"

	"callout/inventory"

	"github.com/google/uuid"
)

// catalogue finds parts by number, and asks for each number once.
type catalogue struct {
	ledger *inventory.Ledger
	mu     sync.Mutex
	known  map[string]uuid.UUID // the zero id where there is none
}

func newCatalogue(l *inventory.Ledger) *catalogue {
	return &catalogue{ledger: l, known: map[string]uuid.UUID{}}
}

// partsAPage is how many parts whose number or name holds another's number are read at once.
const partsAPage = 100

func (c *catalogue) find(ctx context.Context, number string) (id uuid.UUID, there bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id, asked := c.known[number]
	for after := uuid.Nil; !asked; {
		page, next, err := c.ledger.ListParts(ctx, number, after, partsAPage)
		if err != nil {
			return uuid.Nil, false, err
		}
		for _, p := range page {
			if p.Number == number {
				id, asked = p.ID, true
			}
		}
		if next == uuid.Nil {
			break
		}
		after = next
	}
	c.known[number] = id
	return id, id != uuid.Nil, nil
}
