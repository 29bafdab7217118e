package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"golang.org/x/term"

	"callout/access"
	"callout/house"
	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"

	"github.com/google/uuid"
)

// user manages the people who may sign in, the first of them too.
type user struct {
	Open     userOpen     `cmd:"" help:"Open a user, the first admin for instance."`
	List     userList     `cmd:"" help:"List the users."`
	Disable  userDisable  `cmd:"" help:"Disable a user; his sessions end at once."`
	Enable   userEnable   `cmd:"" help:"Enable a user again."`
	Password userPassword `cmd:"" help:"Give a user a new password; his sessions end at once and a lock is lifted."`
}

// secret is where a password comes from: a person who is asked, standard input, or chance.
type secret struct {
	Generate bool `help:"Make a password up and print it once, instead of asking for it or reading it from standard input."`
}

type userOpen struct {
	Place
	secret
	Login    string         `arg:"" help:"What the user signs in with."`
	Name     string         `required:"" help:"The user's name."`
	Role     []who.Role     `required:"" enum:"admin,supervisor,dispatcher,agent,technician,warehouse,inspector" help:"What the user does: admin, supervisor, dispatcher, agent, technician, warehouse, inspector; several with commas."`
	Outlet   string         `help:"The code of the outlet whose rows the user sees; without it, every outlet's."`
	Language words.Language `enum:"en,zh-CN" default:"en" help:"The user's language: en or zh-CN."`
}

// Run opens the user.
func (u *userOpen) Run(ctx context.Context) error {
	return u.inside(ctx, func(h *house.House) error {
		outlet, err := outletOf(ctx, h, u.Outlet)
		if err != nil {
			return err
		}
		password, err := u.password()
		if err != nil {
			return err
		}
		_, err = h.Staff.Open(ctx, who.System, access.Opening{
			Login: u.Login, Name: u.Name, Password: password, Language: u.Language, Roles: u.Role, OutletID: outlet,
		})
		return u.tell(err, password)
	})
}

func outletOf(ctx context.Context, h *house.House, code string) (*uuid.UUID, error) {
	if code == "" {
		return nil, nil
	}
	id, err := pg.One[uuid.UUID](ctx, h.DB, `SELECT id FROM outlets WHERE code = $1`, code)
	if err != nil {
		return nil, pg.Fault(err, "outlet")
	}
	return &id, nil
}

type userList struct{ Place }

// Run prints one user a line.
func (u *userList) Run(ctx context.Context) error {
	return u.inside(ctx, func(h *house.House) error {
		outlets, err := pg.Query[struct {
			ID   uuid.UUID
			Code string
		}](ctx, h.DB, `SELECT id, code FROM outlets`)
		if err != nil {
			return err
		}
		codes := map[uuid.UUID]string{}
		for _, o := range outlets {
			codes[o.ID] = o.Code
		}
		out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		for after, more := uuid.Nil, true; more; {
			var users []access.User
			if users, more, err = h.Staff.List(ctx, who.System, "", after, 200); err != nil {
				return err
			}
			for _, person := range users {
				after = person.ID
				_, _ = fmt.Fprintln(out, line(person, codes))
			}
		}
		return out.Flush()
	})
}

func line(u access.User, codes map[uuid.UUID]string) string {
	outlet, state := "*", "active"
	if u.OutletID != nil {
		outlet = codes[*u.OutletID]
	}
	if u.LockedUntil != nil {
		state = "locked"
	}
	if u.DisabledAt != nil {
		state = "disabled"
	}
	roles := make([]string, len(u.Roles))
	for i, r := range u.Roles {
		roles[i] = string(r)
	}
	return strings.Join([]string{u.Login, u.Name, strings.Join(roles, ","), outlet, state}, "\t")
}

type userDisable struct {
	Place
	Login string `arg:"" help:"Whose sign-in to refuse."`
}

// Run disables the user.
func (u *userDisable) Run(ctx context.Context) error {
	return u.amend(ctx, u.Login, access.Amendment{Disabled: new(true)})
}

type userEnable struct {
	Place
	Login string `arg:"" help:"Whom to let in again."`
}

// Run enables the user.
func (u *userEnable) Run(ctx context.Context) error {
	return u.amend(ctx, u.Login, access.Amendment{Disabled: new(false)})
}

type userPassword struct {
	Place
	secret
	Login string `arg:"" help:"Whose password to set."`
}

// Run sets the password.
func (u *userPassword) Run(ctx context.Context) error {
	password, err := u.password()
	if err != nil {
		return err
	}
	return u.tell(u.amend(ctx, u.Login, access.Amendment{Password: &password}), password)
}

// amend changes the user of a login, as he is now.
func (p *Place) amend(ctx context.Context, login string, a access.Amendment) error {
	return p.inside(ctx, func(h *house.House) error {
		person, err := h.Staff.FindLogin(ctx, who.System, login)
		if err != nil {
			return err
		}
		_, err = h.Staff.Amend(ctx, who.System, person.ID, person.Version, a)
		return err
	})
}

// inside does something in the operation's house and leaves it.
func (p *Place) inside(ctx context.Context, do func(*house.House) error) (err error) {
	h, leave, err := p.enter(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, leave()) }()
	return do(h)
}

func (s *secret) password() (string, error) {
	if s.Generate {
		return strings.ToLower(rand.Text()), nil
	}
	if stdin := int(os.Stdin.Fd()); term.IsTerminal(stdin) {
		return asked(stdin)
	}
	text, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return strings.TrimRight(text, "\r\n"), nil
}

// asked asks twice at a terminal, without showing what is typed.
func asked(terminal int) (string, error) {
	var typed [2]string
	for i, prompt := range []words.Text{words.Say("Password: "), words.Say("Once more: ")} {
		fmt.Fprint(os.Stderr, prompt.In(language()))
		b, err := term.ReadPassword(terminal)
		fmt.Fprintln(os.Stderr)
		if err != nil {
			return "", err
		}
		typed[i] = string(b)
	}
	if typed[0] != typed[1] {
		return "", fault.New(fault.Invalid, "the two passwords are not the same")
	}
	return typed[0], nil
}

// tell prints a made-up password, once it counts.
func (s *secret) tell(err error, password string) error {
	if err == nil && s.Generate {
		_, err = fmt.Println(password)
	}
	return err
}
