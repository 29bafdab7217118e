package dispatch

import (
	"context"

	"github.com/google/uuid"
)

// Perform does a mass assignment here and now, for who cannot wait for a worker, who will find it
// done.
func (b *Board) Perform(ctx context.Context, run uuid.UUID) error {
	return b.assignMass(ctx, massAssignment{run})
}
