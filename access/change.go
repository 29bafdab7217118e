package access

import (
	"cmp"
	"context"

	"callout/internal/event"
	"callout/internal/fault"
	"callout/internal/who"
)

// ChangePassword gives the acting person a new password and ends his other sessions. It returns
// fault.Invalid at /old_password where that is wrong, a LockedError after too many wrong ones.
func (s *Staff) ChangePassword(ctx context.Context, by who.Actor, old, password string) error {
	u, err := s.Self(ctx, by)
	if err != nil {
		return err
	}
	var bad fault.Faults
	checkPassword(&bad, "/new_password", password, u.Login, u.Name)
	if password == old {
		bad.Add("/new_password", "is the old one")
	}
	if err := bad.Err(fault.Invalid, "this password cannot be taken"); err != nil {
		return err
	}
	last, err := s.charge(ctx, u.Login)
	if err != nil {
		return err
	}
	c, err := findCredentials(ctx, s.db, u.Login)
	if err != nil {
		return err
	}
	right, err := s.kdf.verify(ctx, c.PasswordHash, old)
	if err != nil {
		return err
	}
	if !right {
		if err := s.failed(ctx, c, last); err != nil {
			return err
		}
		bad.Add("/old_password", "is wrong")
		return bad.Err(fault.Invalid, "the password was not changed")
	}
	hash, err := s.kdf.hash(ctx, password)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context) error {
		now := s.now()
		if same, err := c.unchanged(ctx, s.db); err != nil || !same {
			return cmp.Or[error](err, fault.New(fault.Conflict, "the password was changed meanwhile"))
		}
		if err := setPassword(ctx, s.db, c.ID, hash, now); err != nil {
			return err
		}
		if _, err := s.end(ctx, c.ID, nil, &by.Session, ReasonPasswordChanged, now); err != nil {
			return err
		}
		if err := s.forgive(ctx, u.Login); err != nil {
			return err
		}
		return event.Append(ctx, s.db, by, now, event.Entry{Kind: "user.password_changed", SubjectID: c.ID, OutletID: by.OutletID})
	})
}
