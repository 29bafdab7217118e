package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"callout/demo"
	"callout/house"
	"callout/internal/words"
)

// say says a sentence to the person at the terminal, beside the logs.
func say(t words.Text) { tell(os.Stderr, t) }

// loadDemo loads the demo into an empty operation, or completes one that was broken off, and
// returns its accounts. It leaves an operation alone that is somebody's.
func (s *serve) loadDemo(ctx context.Context, h *house.House) (accounts []demo.Account, err error) {
	state, day, err := demo.Look(ctx, h.DB, time.Now())
	if err != nil {
		return nil, err
	}
	if state == demo.Foreign {
		say(words.Say("Somebody works in this database already: the demo stays out of it."))
		return nil, nil
	}
	accounts, err = s.accounts(state == demo.Loaded)
	if err != nil || state == demo.Loaded {
		return accounts, err
	}
	say(words.Say("Loading the demo of %s in Los Angeles; this happens once.", day.String()))
	begun := time.Now()
	// Not h itself: the demo is loaded as the day stood in the morning.
	planned := day.Planned(begun)
	morning, leave, err := s.settle(ctx, s.database, s.logger(os.Stderr, slog.LevelWarn), func() time.Time { return planned })
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, leave()) }()
	steps := &steps{}
	done, err := demo.Load(ctx, morning, day, demo.Options{Accounts: accounts, Progress: steps.at})
	steps.end()
	if err != nil {
		return nil, err
	}
	say(words.Say("%d outlets, %d technicians and %d jobs, of which %d have found a technician, in %d seconds. The requests came in the day before, so that some deadlines have passed.",
		done.Outlets, done.Technicians, done.Jobs, done.Assigned, int(time.Since(begun).Round(time.Second).Seconds())))
	return accounts, nil
}

// steps shows a bar for each step of loading.
type steps struct {
	what words.Noun
	bar  *bar
}

func (s *steps) at(what words.Noun, done, total int) {
	if what != s.what {
		s.end()
		s.what, s.bar = what, newBar(words.Word(language(), string(what)), total)
	}
	s.bar.at(done)
}

func (s *steps) end() { s.bar.end() }

// accounts reads the accounts of the demo, or draws them where the demo is still to be loaded. They
// are kept before they are opened, so that no start can lose the passwords.
func (s *serve) accounts(loaded bool) ([]demo.Account, error) {
	file := filepath.Join(s.Data, "demo-logins.json")
	b, err := os.ReadFile(file)
	if err == nil {
		var all []demo.Account
		if err := json.Unmarshal(b, &all); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		return all, nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	if loaded {
		say(words.Say("The logins of the demo are not in %s: give them new passwords with callout user password.", file))
		return nil, nil
	}
	all := demo.Accounts()
	if b, err = json.MarshalIndent(all, "", "  "); err != nil { //nolint:gosec // logins of made-up people, in a file for its owner alone
		return nil, err
	}
	if err := os.MkdirAll(s.Data, 0o755); err != nil { //nolint:gosec // Postgres, another user, must get through
		return nil, err
	}
	return all, os.WriteFile(file, append(b, '\n'), 0o600)
}

// introduce lists the accounts, in both languages: who reads them may be of either.
func introduce(accounts []demo.Account) {
	if len(accounts) == 0 {
		return
	}
	fmt.Fprintln(os.Stderr, "\nLogins of the demo (everybody is made up) · 演示账号（人物均为虚构）")
	out := tabwriter.NewWriter(os.Stderr, 0, 0, 2, ' ', 0)
	for _, a := range accounts {
		role := a.Role + " " + a.RoleZh()
		if a.Outlet != "" {
			role += ", " + a.Outlet
		}
		_, _ = fmt.Fprintf(out, "  %s\t%s\t%s\n", a.Login, a.Password, role)
	}
	_ = out.Flush()
	fmt.Fprintln(os.Stderr)
}
