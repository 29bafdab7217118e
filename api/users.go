package api

import (
	"time"

	"callout/access"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

func (s *Server) usersHandlers() map[string]handler {
	return map[string]handler{"listUsers": s.listUsers, "openUser": s.openUser, "getUser": s.getUser, "amendUser": s.amendUser}
}

type user struct {
	ID           uuid.UUID      `json:"id"`
	Login        string         `json:"login"`
	Name         string         `json:"name"`
	Language     words.Language `json:"language"`
	Roles        []who.Role     `json:"roles"`
	OutletID     *uuid.UUID     `json:"outlet_id"`
	TechnicianID *uuid.UUID     `json:"technician_id"`
	Disabled     bool           `json:"disabled"`
	LockedUntil  *time.Time     `json:"locked_until"`
	Version      int            `json:"version"`
	CreatedAt    time.Time      `json:"created_at"`
}

func wireUser(u access.User) user {
	return user{
		ID: u.ID, Login: u.Login, Name: u.Name, Language: u.Language, Roles: u.Roles, OutletID: u.OutletID, TechnicianID: u.TechnicianID,
		Disabled: u.DisabledAt != nil, LockedUntil: u.LockedUntil, Version: u.Version, CreatedAt: u.CreatedAt,
	}
}

func (s *Server) listUsers(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	users, more, err := s.Staff.List(k.ctx, k.by, who.Role(k.query("role")), after, k.limit())
	if err != nil {
		return answer{}, err
	}
	var next any
	if more {
		next = users[len(users)-1].ID
	}
	return listed(k, users, next, wireUser)
}

func (s *Server) openUser(k *call) (answer, error) {
	var body struct {
		Login    string         `json:"login"`
		Name     string         `json:"name"`
		Password string         `json:"password"`
		Language words.Language `json:"language"`
		Roles    []who.Role     `json:"roles"`
		OutletID *uuid.UUID     `json:"outlet_id"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	u, err := s.Staff.Open(k.ctx, k.by, access.Opening(body))
	if err != nil {
		return answer{}, err
	}
	return created("/v1/users/"+u.ID.String(), u.Version, wireUser(u))
}

func (s *Server) getUser(k *call) (answer, error) {
	u, err := s.Staff.Find(k.ctx, k.by, k.id("user_id"))
	if err != nil {
		return answer{}, err
	}
	return versioned(u.Version, wireUser(u))
}

func (s *Server) amendUser(k *call) (answer, error) {
	var body struct {
		Name     *string             `json:"name"`
		Password *string             `json:"password"`
		Language *words.Language     `json:"language"`
		Roles    []who.Role          `json:"roles"`
		OutletID optional[uuid.UUID] `json:"outlet_id"`
		Disabled *bool               `json:"disabled"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	u, err := s.Staff.Amend(k.ctx, k.by, k.id("user_id"), k.version(), access.Amendment{
		Name: body.Name, Password: body.Password, Language: body.Language, Roles: body.Roles, OutletID: body.OutletID.set(), Disabled: body.Disabled,
	})
	if err != nil {
		return answer{}, err
	}
	return versioned(u.Version, wireUser(u))
}
