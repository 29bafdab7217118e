package house

import (
	"context"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// interim stands in for access.Staff until that is there.
type interim struct{ db *pg.DB }

type interimRow struct {
	Name         string
	Roles        []string
	OutletID     *uuid.UUID
	TechnicianID *uuid.UUID
}

func (p interim) Pass(ctx context.Context, session, user uuid.UUID) (who.Actor, error) {
	rows, err := pg.Query[interimRow](ctx, p.db, `SELECT u.name, u.roles, u.outlet_id, t.id AS technician_id FROM sessions s JOIN users u ON u.id = s.user_id LEFT JOIN technicians t ON t.user_id = u.id
		WHERE s.id = $1 AND u.id = $2 AND s.revoked_at IS NULL AND u.disabled_at IS NULL`, session, user)
	if err != nil {
		return who.Actor{}, err
	}
	if len(rows) == 0 {
		return who.Actor{}, fault.New(fault.Unauthenticated, "sign in first")
	}
	a := who.Actor{UserID: user, Session: session, Name: rows[0].Name, OutletID: rows[0].OutletID, TechnicianID: rows[0].TechnicianID}
	for _, r := range rows[0].Roles {
		a.Roles = append(a.Roles, who.Role(r))
	}
	return a, nil
}
