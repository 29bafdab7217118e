package access

import (
	"context"
	"strings"
	"time"

	"callout/internal/event"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// Staff is everybody who may sign in, and who has.
type Staff struct {
	db     *pg.DB
	now    func() time.Time
	kdf    *kdf
	passes *passes
}

// NewStaff returns the staff in db. Let it Watch, or else every request asks the database.
func NewStaff(db *pg.DB, now func() time.Time) *Staff {
	return &Staff{db: db, now: func() time.Time { return now().UTC() }, kdf: newKDF(), passes: newPasses()}
}

const nounUser words.Noun = "user"

// Self returns the acting person.
func (s *Staff) Self(ctx context.Context, by who.Actor) (User, error) {
	return findUser(ctx, s.db, who.System, by.UserID, s.now())
}

// Find returns one user of the actor's scope.
func (s *Staff) Find(ctx context.Context, by who.Actor, id uuid.UUID) (User, error) {
	return findUser(ctx, s.db, by, id, s.now())
}

// FindLogin returns the user of a login.
func (s *Staff) FindLogin(ctx context.Context, by who.Actor, login string) (User, error) {
	return findLogin(ctx, s.db, by, Fold(login), s.now())
}

// List returns users of the actor's scope who hold a role ("" for any), oldest first, after an
// id, and whether there are more.
func (s *Staff) List(ctx context.Context, by who.Actor, role who.Role, after uuid.UUID, limit int) ([]User, bool, error) {
	users, err := listUsers(ctx, s.db, by, role, after, limit+1, s.now())
	if len(users) > limit {
		return users[:limit], true, err
	}
	return users, false, err
}

// Open lets a new user in. An admin of one outlet opens users of that outlet alone. It returns
// fault.Invalid with all that is wrong, and fault.Conflict where the login is taken.
func (s *Staff) Open(ctx context.Context, by who.Actor, o Opening) (u User, err error) {
	now := s.now()
	u = User{
		ID: uuid.Must(uuid.NewV7()), Login: Fold(o.Login), Name: strings.TrimSpace(o.Name), Language: o.Language, Roles: o.Roles, OutletID: o.OutletID,
		Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	if u.OutletID == nil {
		u.OutletID = by.OutletID
	}
	if u.Language == "" {
		u.Language = words.English
	}
	bad := u.check(by)
	checkPassword(&bad, "/password", o.Password, u.Login, u.Name)
	if err := bad.Err(fault.Invalid, "the user cannot be written like this"); err != nil {
		return User{}, err
	}
	hash, err := s.kdf.hash(ctx, o.Password)
	if err != nil {
		return User{}, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		if err := insertUser(ctx, s.db, u, hash); err != nil {
			return writing(err)
		}
		return event.Append(ctx, s.db, by, now, event.Entry{
			Kind: "user.opened", SubjectID: u.ID, OutletID: u.OutletID,
			Data: map[string]any{"login": u.Login, "roles": u.Roles},
		})
	})
	if err != nil {
		return User{}, err
	}
	return u, nil
}

// Amend changes a user, and it holds at once: a disabled user's sessions end, a new password
// ends them too, new roles and outlet count for tokens already given. It returns
// fault.Conflict for what would leave nobody to rule over all outlets.
func (s *Staff) Amend(ctx context.Context, by who.Actor, id uuid.UUID, version int, a Amendment) (u User, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		rulers := 0
		if a.mayUnseat() {
			// All of them, in one order: two admins cannot disable each other.
			if rulers, err = lockRulers(ctx, s.db); err != nil {
				return err
			}
		}
		before, err := lockUser(ctx, s.db, by, id, s.now())
		if err != nil {
			return err
		}
		if before.Version != version {
			return fault.New(fault.Stale, "%s is at version %d", nounUser, before.Version)
		}
		now := s.now()
		var changed map[string]any
		u, changed = a.apply(before, now)
		bad := u.check(by)
		if a.Password != nil {
			checkPassword(&bad, "/password", *a.Password, u.Login, u.Name)
		}
		if err := bad.Err(fault.Invalid, "the user cannot be written like this"); err != nil {
			return err
		}
		if before.rulesOverAll() && !u.rulesOverAll() && rulers < 2 {
			return fault.New(fault.Conflict, "somebody must stay who is admin of all outlets")
		}
		if err := s.write(ctx, before, u, a); err != nil {
			return err
		}
		return event.Append(ctx, s.db, by, now, event.Entry{Kind: "user.amended", SubjectID: id, OutletID: u.OutletID, Data: changed})
	})
	if err != nil {
		return User{}, err
	}
	return s.Find(ctx, who.System, id)
}

// write keeps an amended user and ends the sessions that must not go on.
func (s *Staff) write(ctx context.Context, before, u User, a Amendment) error {
	if err := updateUser(ctx, s.db, u); err != nil {
		return writing(err)
	}
	if a.Password != nil {
		hash, err := s.kdf.hash(ctx, *a.Password)
		if err != nil {
			return err
		}
		if err := setHash(ctx, s.db, u.ID, hash); err != nil {
			return err
		}
		if _, err := s.end(ctx, u.ID, nil, nil, ReasonPasswordChanged, u.UpdatedAt); err != nil {
			return err
		}
	}
	if u.DisabledAt != nil {
		if _, err := s.end(ctx, u.ID, nil, nil, ReasonDisabled, u.UpdatedAt); err != nil {
			return err
		}
	} else if a.Password != nil || before.DisabledAt != nil {
		if err := s.forgive(ctx, u.Login); err != nil {
			return err
		}
	}
	pg.AfterCommit(ctx, func() { s.passes.forget(u.ID) })
	return nil
}

// end ends sessions of a user: one, or all but one, or all.
func (s *Staff) end(ctx context.Context, user uuid.UUID, only, but *uuid.UUID, why Reason, now time.Time) (int64, error) {
	n, err := endSessions(ctx, s.db, user, only, but, why, now)
	if err == nil && n > 0 {
		pg.AfterCommit(ctx, func() { s.passes.forget(user) })
	}
	return n, err
}

// writing says what the refusal of a user's row means.
func writing(err error) error {
	switch {
	case pg.Violates(err, "one_user_per_login"):
		return fault.New(fault.Conflict, "this login is taken")
	case pg.Violates(err, "users_outlet_id_fkey"):
		var bad fault.Faults
		bad.Add("/outlet_id", "no such %s", words.Noun("outlet"))
		return bad.Err(fault.Invalid, "the user cannot be written like this")
	}
	return pg.Fault(err, nounUser)
}

// Sweep forgets what no longer matters: refresh tokens that have run out, the sessions that had
// none but those, and failures of long ago.
func (s *Staff) Sweep(ctx context.Context) error {
	now := s.now()
	return sweep(ctx, s.db, now, now.Add(-failuresKept))
}
