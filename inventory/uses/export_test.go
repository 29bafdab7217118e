package uses

import (
	"context"

	"github.com/google/uuid"
)

// Judge says who would pay for a part on a job by the books.
func (u *Uses) Judge(ctx context.Context, job, part uuid.UUID, oldSerial string) (Warranty, error) {
	v, err := u.visit(ctx, job)
	if err != nil {
		return "", err
	}
	j, err := u.byTheBooks(ctx, v, []uuid.UUID{part}, oldSerial, v.CreatedAt)
	return j.warranty, err
}
