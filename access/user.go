package access

import (
	"slices"
	"strings"
	"time"

	"callout/internal/fault"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// User is a person who may sign in.
type User struct {
	ID           uuid.UUID
	Login        string // in lower case
	Name         string
	Language     words.Language
	Roles        []who.Role
	OutletID     *uuid.UUID // sees this outlet's rows only; nil sees every outlet
	TechnicianID *uuid.UUID // the technician that this user is
	DisabledAt   *time.Time
	LockedUntil  *time.Time // nil where sign-in is not locked
	Version      int
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// Opening is what a new user is opened with.
type Opening struct {
	Login    string
	Name     string
	Password string
	Language words.Language // "" for English
	Roles    []who.Role
	OutletID *uuid.UUID // nil for every outlet, or for the outlet of the admin who opens
}

// Amendment is what changes of a user; nil stays as it is.
type Amendment struct {
	Name     *string
	Password *string
	Language *words.Language
	Roles    []who.Role
	OutletID **uuid.UUID
	Disabled *bool
}

// Fold makes one login of all its spellings.
func Fold(login string) string { return strings.ToLower(strings.TrimSpace(login)) }

// rules over everything: an active admin of all outlets.
func (u User) rulesOverAll() bool {
	return u.DisabledAt == nil && u.OutletID == nil && slices.Contains(u.Roles, who.Admin)
}

// mayUnseat says whether an amendment could take an admin of all outlets away.
func (a Amendment) mayUnseat() bool {
	return a.Disabled != nil && *a.Disabled || a.OutletID != nil && *a.OutletID != nil ||
		a.Roles != nil && !slices.Contains(a.Roles, who.Admin)
}

// apply is the user after the amendment, and what changed for the log.
func (a Amendment) apply(u User, now time.Time) (User, map[string]any) {
	changed := map[string]any{}
	if a.Name != nil {
		u.Name, changed["name"] = strings.TrimSpace(*a.Name), *a.Name
	}
	if a.Language != nil {
		u.Language, changed["language"] = *a.Language, *a.Language
	}
	if a.Roles != nil {
		u.Roles, changed["roles"] = a.Roles, a.Roles
	}
	if a.OutletID != nil {
		u.OutletID, changed["outlet_id"] = *a.OutletID, *a.OutletID
	}
	if a.Password != nil {
		changed["password"] = true
	}
	if a.Disabled != nil && *a.Disabled != (u.DisabledAt != nil) {
		u.DisabledAt, changed["disabled"] = nil, *a.Disabled
		if *a.Disabled {
			u.DisabledAt = &now
		}
	}
	u.Version++
	u.UpdatedAt = now
	return u, changed
}

// check names what is wrong with a user who is about to be written.
func (u User) check(by who.Actor) fault.Faults {
	var bad fault.Faults
	if u.Login == "" || strings.ContainsFunc(u.Login, blank) {
		bad.Add("/login", "must be one word")
	}
	if u.Name == "" {
		bad.Add("/name", "is required")
	}
	if u.Language != words.English && u.Language != words.Chinese {
		bad.Add("/language", "is no language of ours")
	}
	if len(u.Roles) == 0 {
		bad.Add("/roles", "must name a role")
	}
	for _, r := range u.Roles {
		if !slices.Contains(who.Roles, r) {
			bad.Add("/roles", "no such %s", words.Noun("role"))
		}
	}
	// Nobody hands out more than the outlet that is his own.
	if !by.Sees(u.OutletID) {
		bad.Add("/outlet_id", "no such %s", words.Noun("outlet"))
	}
	return bad
}

func blank(r rune) bool { return r <= ' ' || r == '\u00a0' || r == '\u3000' }
