package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"callout/access"
	"callout/dispatch"
	"callout/internal/fault"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// days is how many days of shifts are planned: the demo's day and those after it, so that what did
// not fit can be done.
const days = 7

// openUsers opens the accounts. One that is there gets the password that will be shown.
func (l *loader) openUsers(ctx context.Context, _ *Summary) error {
	l.users = map[string]uuid.UUID{}
	passwords := map[string]string{}
	for _, a := range l.Accounts {
		passwords[a.Login] = a.Password
	}
	logins := Logins()
	for i, login := range logins {
		id, err := l.openUser(ctx, login, passwords[login.Login])
		if err != nil {
			return fmt.Errorf("%s: %w", login.Login, err)
		}
		if login.Technician != "" {
			l.users[login.Technician] = id
		}
		l.tell("logins", i+1, len(logins))
	}
	return nil
}

func (l *loader) openUser(ctx context.Context, login Login, password string) (uuid.UUID, error) {
	u, err := l.Staff.FindLogin(ctx, who.System, login.Login)
	if err == nil {
		_, err = l.Staff.Amend(ctx, who.System, u.ID, u.Version, access.Amendment{Password: &password})
		return u.ID, err
	} else if !fault.Is(err, fault.NotFound) {
		return uuid.Nil, err
	}
	o := access.Opening{Login: login.Login, Name: login.Name, Password: password, Language: words.Language(login.Language)}
	for _, r := range login.Roles {
		o.Roles = append(o.Roles, who.Role(r))
	}
	if login.Outlet != "" {
		outlet := l.outlets[login.Outlet]
		o.OutletID = &outlet
	}
	u, err = l.Staff.Open(ctx, who.System, o)
	return u.ID, err
}

// hireTechnicians opens each technician with his van and what is in it, his certificates and
// shifts: all of it or nothing.
func (l *loader) hireTechnicians(ctx context.Context, s *Summary) error {
	outlets, err := l.network()
	if err != nil {
		return err
	}
	staff, err := Roster(l.day)
	if err != nil {
		return err
	}
	staff = slices.DeleteFunc(staff, func(t Technician) bool { return l.only != "" && l.only != t.Outlet })
	vans := map[string]Place{}
	for _, p := range Stock(outlets, staff) {
		vans[p.Code] = p
	}
	for i, t := range staff {
		if _, hired := l.places[t.Van]; !hired {
			if err := l.DB.InTx(ctx, func(ctx context.Context) error { return l.hire(ctx, t, vans[t.Van]) }); err != nil {
				return fmt.Errorf("%s: %w", t.Code, err)
			}
		}
		l.tell("technicians", i+1, len(staff))
	}
	s.Technicians = len(staff)
	return nil
}

func (l *loader) hire(ctx context.Context, t Technician, van Place) error {
	at, err := l.openPlace(ctx, van)
	if err != nil {
		return err
	}
	n := dispatch.NewTechnician{
		OutletID: l.outlets[t.Outlet], Name: t.Name, Phone: &t.Phone, Region: "US", Home: t.Home,
		CostPerHour: t.CostPerHour, Currency: t.Currency, VanID: &at,
	}
	if user, signsIn := l.users[t.Code]; signsIn {
		n.UserID = &user
	}
	hired, err := l.Crew.Open(ctx, who.System, n)
	if err != nil {
		return err
	}
	for _, c := range t.Certificates {
		if _, err := l.Crew.Certify(ctx, who.System, hired.ID, dispatch.NewCertification{
			SkillID: l.skills[c.Skill], Level: c.Level, ValidFrom: c.From, ValidTo: c.To,
		}); err != nil {
			return err
		}
	}
	if _, err = l.Crew.Plan(ctx, who.System, hired.ID, l.shifts(t)); err != nil {
		return err
	}
	return l.fillVan(ctx, t, at, van.Holds)
}

// shifts are a technician's of the demo's day and of those after it.
func (l *loader) shifts(t Technician) []dispatch.NewShift {
	if !l.now.IsZero() {
		lunch := dispatch.Break{Earliest: l.now.Add(5 * time.Hour), Latest: l.now.Add(6 * time.Hour), Minutes: 30}
		return []dispatch.NewShift{{StartsAt: l.now.Add(-time.Hour), EndsAt: l.now.Add(9 * time.Hour), Breaks: []dispatch.Break{lunch}}}
	}
	var all []dispatch.NewShift
	for i := range days {
		s := shift(l.day.After(i), t.Code)
		all = append(all, dispatch.NewShift{
			StartsAt: s.From, EndsAt: s.To,
			Breaks: []dispatch.Break{{Earliest: s.BreakFrom, Latest: s.BreakTo, Minutes: s.BreakMinutes}},
		})
	}
	return all
}
