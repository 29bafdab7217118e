package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"callout/evidence"
	"callout/internal/keyring"
	"callout/internal/words"

	"github.com/google/uuid"
)

// sign is how the customer signs, and how the job does not close before all is there.
func (s *story) sign(ctx context.Context) error {
	technician := s.people["technician"]
	strokes, picture, err := signature()
	if err != nil {
		return err
	}
	closing := request{
		method: http.MethodPost, path: fmt.Sprintf("/v1/jobs/%s/close", s.job.ID), version: s.job.Version, key: uuid.NewString(),
		body: map[string]any{
			"signature": map[string]any{"signer": "Maria Lopez (made up)", "relation": "caretaker", "strokes": strokes, "png": picture},
			"score":     5, "answers": map[string]any{"solved": true, "satisfied": true},
		},
	}
	s.says("technician", words.Say("has the caretaker sign, and forgets the second photo"))
	no, err := technician.refused(ctx, closing, http.StatusUnprocessableEntity)
	if err != nil {
		return err
	}
	if len(no.Errors) != 1 || no.Errors[0].Pointer != "/photos" {
		return fmt.Errorf("the refusal names other things than the photo: %+v", no)
	}
	s.hears(no)
	if err := s.photograph(ctx, "after"); err != nil {
		return err
	}
	s.says("technician", words.Say("takes it: the light is on"))
	a, err := technician.ask(ctx, closing, http.StatusOK)
	if err != nil {
		return err
	}
	if err := a.read(&s.job); err != nil {
		return err
	}
	if err := expect("the job", s.job.Status, "closed"); err != nil {
		return err
	}
	if s.job.SignOffID == nil {
		return errors.New("the closed job names no sign-off")
	}
	s.signOff = *s.job.SignOffID
	s.says("technician", words.Say("closes the job; the customer gives 5 of 5"))
	again, err := technician.ask(ctx, closing, http.StatusOK)
	if err != nil {
		return err
	}
	if !bytes.Equal(again.body, a.body) || again.header.Get("Idempotency-Replayed") != "true" {
		return errors.New("the same command again has another answer")
	}
	s.says("technician", words.Say("loses the connection; the phone sends it once more and hears the same answer: nothing happens twice"))
	return nil
}

// verify is how anybody can see that nothing was changed since, here or without us.
func (s *story) verify(ctx context.Context) error {
	supervisor := s.people["supervisor"]
	path := "/v1/sign-offs/" + s.signOff.String()
	var here struct {
		OK     bool
		Checks []struct{ OK bool }
	}
	if err := supervisor.get(ctx, path+"/verify", &here); err != nil {
		return err
	}
	if err := expect("the sign-off by the server's word", here.OK, true); err != nil {
		return err
	}
	s.says("supervisor", words.Say("has the server check the sign-off: %d checks, all well", len(here.Checks)))
	a, err := supervisor.ask(ctx, request{method: http.MethodGet, path: path + "/package"}, http.StatusOK)
	if err != nil {
		return err
	}
	var keys struct{ Items []struct{ ID, PEM string } }
	if err := supervisor.get(ctx, "/v1/seal-keys", &keys); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "callout-walk-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	var files []string
	for _, k := range keys.Items {
		files = append(files, filepath.Join(dir, k.ID+".pub"))
		if err := os.WriteFile(files[len(files)-1], []byte(k.PEM), 0o600); err != nil {
			return err
		}
	}
	trusted, err := keyring.ReadPublics(files...)
	if err != nil {
		return err
	}
	sound, err := offline(filepath.Join(dir, "sound.zip"), a.body, trusted)
	if err != nil {
		return err
	}
	if err := expect("the downloaded sign-off", sound.OK(), true); err != nil {
		return err
	}
	s.says("supervisor", words.Say("downloads it with its photos (%d kB) and checks it without the server: %d checks, all well", len(a.body)/1000, len(sound.Checks)))
	return s.forge(dir, a.body, trusted)
}

// offline checks a downloaded package as callout verify does.
func offline(path string, b []byte, trusted keyring.Publics) (evidence.Report, error) {
	if err := os.WriteFile(path, b, 0o600); err != nil {
		return evidence.Report{}, err
	}
	return evidence.Verify(path, trusted)
}

// forge changes one byte of a copy, which must be found.
func (s *story) forge(dir string, b []byte, trusted keyring.Publics) error {
	b = bytes.Clone(b)
	b[len(b)/2] ^= 1 // inside of a photo, which is most of it
	forged, err := offline(filepath.Join(dir, "forged.zip"), b, trusted)
	if err == nil && forged.OK() {
		return errors.New("a changed byte was not found")
	}
	s.says("supervisor", words.Say("changes one byte of a copy, and the check finds it:"))
	for _, c := range forged.Checks {
		if !c.OK {
			s.write(strings.Repeat(" ", 16) + "✗ " + words.Say("%s: %s", c.What, c.Why).In(s.Language) + "\n")
		}
	}
	return nil
}

// end is how the case is closed.
func (s *story) end(ctx context.Context) error {
	agent := s.people["agent"]
	path := "/v1/cases/" + s.file.ID.String()
	if err := agent.get(ctx, path, &s.file); err != nil {
		return err
	}
	if err := expect("the case", s.file.Status, "resolved"); err != nil {
		return err
	}
	s.says("agent", words.Say("sees that the case is resolved since its last job was closed, calls the customer, and closes it"))
	if err := agent.change(ctx, path+"/close", s.file.Version, nil, &s.file); err != nil {
		return err
	}
	if err := expect("the case", s.file.Status, "closed"); err != nil {
		return err
	}
	var history struct {
		Items []struct {
			At    clock
			Actor *string
			Text  string
		}
	}
	if err := agent.get(ctx, path+"/history", &history); err != nil {
		return err
	}
	s.says("agent", words.Say("reads the whole story of case %s:", s.file.Number))
	for _, e := range history.Items {
		s.write(fmt.Sprintf("%16s%s  %s\n", "", e.At, e.Text))
	}
	return nil
}
