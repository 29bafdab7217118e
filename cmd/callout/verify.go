package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"callout/evidence"
	"callout/internal/fault"
	"callout/internal/keyring"
	"callout/internal/words"
)

// verify checks what Callout wrote. Sign-offs are held against keys that the reader trusts, without
// a database, a server or a connection; the rest is checked where it lives.
type verify struct {
	SignOff verifySignOff `cmd:"" help:"Check downloaded sign-offs with their photos: nothing changed, sealed by a trusted key, in one chain."`
	Events  verifyEvents  `cmd:"" help:"Hold the event log against its chain of seals."`
	Ledger  verifyLedger  `cmd:"" help:"Fold every movement of parts anew and hold the result against balances and places."`
	Plan    verifyPlan    `cmd:"" help:"Compute a plan again from its stored inputs and compare it byte for byte with what was proposed."`
}

type verifySignOff struct {
	Files []string `arg:"" name:"file" type:"path" help:"Packages as they were downloaded, or folders that they were unpacked to. Of neighbors in an outlet's chain the link is checked too."`
	Key   []string `type:"path" help:"Trust the public key in this PEM file. May be given more than once."`
	Keys  string   `type:"path" help:"Trust every public key (.pub) in this folder."`
	Lang  string   `enum:"en,zh-CN,auto" default:"auto" help:"Language of the report: en, zh-CN, or auto, the terminal's."`
}

// Run prints a report, and fails where any sign-off did.
func (v *verifySignOff) Run() error { return v.report(os.Stdout) }

func (v *verifySignOff) report(w io.Writer) error {
	l := language()
	if v.Lang != "auto" {
		l = words.Language(v.Lang)
	}
	trusted, err := v.trusted()
	if err != nil {
		return err
	}
	if len(trusted) == 0 {
		return errors.New(words.Say("name the keys that you trust: --key FILE.pub or --keys FOLDER").In(l))
	}
	var reports []evidence.Report
	failed := 0
	for _, file := range v.Files {
		rep, err := evidence.Verify(file, trusted)
		if err != nil {
			failed++
			show(w, l, words.Say("%s\n  FAILED  it cannot be read: %q", filepath.Base(file), err.Error()))
			continue
		}
		reports = append(reports, rep)
		show(w, l, words.Say("%s", filepath.Base(file)))
		if list(w, l, rep.Checks); !rep.OK() {
			failed++
			show(w, l, words.Say("  THIS IS NOT WHAT WAS SEALED"))
			continue
		}
		r := rep.Record
		show(w, l, words.Say("  job %s, signed by %q on %s, score %d of 5; record %d of outlet %q",
			r.Job.Number, r.Signature.Signer, r.Signature.SignedAt.Format(time.RFC3339), r.Score, r.Sequence, r.Outlet.Name))
		for _, covered := range r.Coverages() {
			show(w, l, words.Say("  %s", covered))
		}
	}
	chain := evidence.Report{Checks: evidence.CheckChain(reports)}
	if len(chain.Checks) > 0 {
		show(w, l, words.Say("the outlet's chain"))
		list(w, l, chain.Checks)
	}
	if failed > 0 {
		return errors.New(words.Say("%d of %d sign-offs failed", failed, len(v.Files)).In(l))
	}
	if len(chain.Checks) > 0 && !chain.OK() {
		return errors.New(words.Say("the chain is broken").In(l))
	}
	return nil
}

func (v *verifySignOff) trusted() (keyring.Publics, error) {
	paths := v.Key
	if v.Keys != "" {
		paths = append([]string{v.Keys}, paths...)
	}
	for _, path := range paths {
		if _, err := os.Stat(path); err != nil {
			return nil, unreadable(path, err)
		}
	}
	trusted, err := keyring.ReadPublics(paths...)
	if err == nil && len(trusted) == 0 && v.Keys != "" {
		return nil, fault.New(fault.NotFound, "no public key (.pub) is in %s", v.Keys)
	}
	return trusted, err
}

// list prints checks, each in a line, a failed one with its reason.
func list(w io.Writer, l words.Language, checks []evidence.Check) {
	for _, c := range checks {
		if c.OK {
			show(w, l, words.Say("  ok      %s", c.What))
		} else {
			show(w, l, words.Say("  FAILED  %s: %s", c.What, c.Why))
		}
	}
}

// show prints a sentence in a line of its own. A report that cannot be printed has no reader.
func show(w io.Writer, l words.Language, text words.Text) {
	_, _ = fmt.Fprintln(w, text.In(l))
}
