package demo

import (
	"context"
	"fmt"
	"io"
	"strings"

	"callout/internal/words"

	"github.com/google/uuid"
)

// Walk leads one job through its whole life over HTTP, as the different people would, in an
// operation that LoadSmall has loaded.
type Walk struct {
	URL      string
	Accounts []Account
	Language words.Language
	Out      io.Writer // hears the story
}

// Run walks, telling each step, and fails at the first answer that is not as told.
func (w Walk) Run(ctx context.Context) error {
	s := &story{Walk: w, people: map[string]*caller{}}
	for _, a := range w.Accounts {
		if s.people[a.Role] != nil {
			continue // one of each role will do
		}
		c, err := signIn(ctx, w.URL, a, w.Language)
		if err != nil {
			return err
		}
		s.people[a.Role] = c
	}
	for i, chapter := range []struct {
		title words.Text
		tell  func(context.Context) error
	}{
		{words.Say("A customer calls"), s.call},
		{words.Say("Who should go?"), s.send},
		{words.Say("A part is needed"), s.supply},
		{words.Say("The visit"), s.visit},
		{words.Say("The signature"), s.sign},
		{words.Say("What was signed stays as it was"), s.verify},
		{words.Say("The old part comes back"), s.takeBack},
		{words.Say("Stock is taken"), s.takeStock},
		{words.Say("The books are proven"), s.prove},
		{words.Say("The case ends"), s.end},
	} {
		s.write(fmt.Sprintf("\n%d. %s\n", i+1, chapter.title.In(w.Language)))
		if err := chapter.tell(ctx); err != nil {
			return fmt.Errorf("%s: %w", chapter.title.In(w.Language), err)
		}
	}
	return nil
}

// story is a walk as far as it has come.
type story struct {
	Walk

	people     map[string]*caller // by role
	technician uuid.UUID
	customer   uuid.UUID
	site       uuid.UUID
	asset      uuid.UUID
	file       file // the case
	job        job
	part       uuid.UUID
	serial     string    // of the new part
	van        uuid.UUID // the technician's
	warehouse  uuid.UUID
	signOff    uuid.UUID
}

// file is as much of a case as the story needs.
type file struct {
	ID            uuid.UUID
	Number        string
	Status        string
	Priority      string
	Version       int
	ResponseDue   clock `json:"response_due_at"`
	CompletionDue clock `json:"completion_due_at"`
}

// job is as much of a job as the story needs.
type job struct {
	ID      uuid.UUID
	Number  string
	Status  string
	Version int
	Arrival *struct {
		Metres int
		Flags  []string
	}
	Booking *struct {
		TechnicianID uuid.UUID `json:"technician_id"`
		Technician   string
		StartsAt     clock `json:"starts_at"`
	}
	SignOffID *uuid.UUID `json:"sign_off_id"`
}

// do moves the job by a verb of somebody, to a status.
func (s *story) do(ctx context.Context, role, verb string, body any, status string) error {
	path := fmt.Sprintf("/v1/jobs/%s/%s", s.job.ID, verb)
	if err := s.people[role].change(ctx, path, s.job.Version, body, &s.job); err != nil {
		return err
	}
	return expect("the job", s.job.Status, status)
}

// expect fails where something is not as told.
func expect[T comparable](what string, is, want T) error {
	if is != want {
		return fmt.Errorf("%s is %v, not %v as told", what, is, want)
	}
	return nil
}

// says tells what somebody did.
func (s *story) says(role string, t words.Text) {
	called := role
	width := 12
	if s.Language == words.Chinese {
		called = roles[role]
		width -= len([]rune(called)) // each is as wide as two letters
	}
	s.write(fmt.Sprintf("   %-*s %s\n", width, called, t.In(s.Language)))
}

// hears tells what Callout answered to somebody who was refused.
func (s *story) hears(r refusal) {
	for line := range strings.SplitSeq(r.String(), "\n") {
		s.write(strings.Repeat(" ", 16) + "✗ " + line + "\n")
	}
}

func (s *story) write(text string) { _, _ = io.WriteString(s.Out, text) }
