// Command callout runs an after-sales field-service operation: the server, its workers, and the
// tools around them.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	_ "time/tzdata" // sites have time zones, and bare machines know none

	"github.com/alecthomas/kong"

	"callout/internal/fault"
	"callout/internal/words"
)

// commands are the verbs of the binary; each is written in the file of its name.
type commands struct {
	Serve    serve            `cmd:"" help:"Serve HTTP and do the background work."`
	Worker   worker           `cmd:"" help:"Do background work alone."`
	Migrate  migrate          `cmd:"" help:"Bring the database to the newest schema; serve does it too."`
	Import   imports          `cmd:"" help:"Load service requests of another system from CSV files."`
	Demo     walk             `cmd:"" help:"Walk one job through its whole life, on an instance of its own that is gone afterwards."`
	Openapi  openapi          `cmd:"" help:"Print the contract as one OpenAPI document."`
	Postgres postgres         `cmd:"" help:"Run a command beside a private Postgres that ends with it."`
	Verify   verify           `cmd:"" help:"Check what Callout wrote: sign-offs offline, the event log and the ledger in place."`
	Solve    solver           `cmd:"" help:"Plan days of work: read a problem from a file, write who does what and when."`
	User     user             `cmd:"" help:"Manage the people who may sign in."`
	Keys     keys             `cmd:"" help:"Manage the signing keys."`
	Version  kong.VersionFlag `env:"-" help:"Print the version and leave."`
}

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	cancel()
	os.Exit(exit(err))
}

func run(ctx context.Context, args []string) error {
	parser, err := parser(ctx)
	if err != nil {
		return err
	}
	chosen, err := parser.Parse(args)
	if err != nil {
		return err
	}
	return chosen.Run()
}

func parser(ctx context.Context) (*kong.Kong, error) {
	return kong.New(&commands{},
		kong.Name("callout"),
		kong.Description("Runs an after-sales field-service operation. Every flag can also be set as the environment variable named beside it."),
		kong.DefaultEnvars("CALLOUT"),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
		kong.Vars{"version": version()},
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
}

// exit tells a failure to the person at the terminal and returns the process's exit code.
func exit(err error) int {
	if err == nil {
		return 0
	}
	if child, ok := errors.AsType[*exec.ExitError](err); ok {
		return code(child) // the command that we ran has said why
	}
	if f, ok := errors.AsType[*fault.Error](err); ok {
		fmt.Fprintln(os.Stderr, "callout: "+f.Detail.In(language()))
		for _, field := range f.Fields {
			fmt.Fprintln(os.Stderr, "  "+field.Pointer+" "+field.Detail.In(language()))
		}
	} else {
		fmt.Fprintln(os.Stderr, "callout: "+err.Error())
	}
	if _, ok := errors.AsType[*kong.ParseError](err); ok {
		return 2
	}
	return 1
}

// code is the exit code of a command as a shell gives it.
func code(e *exec.ExitError) int {
	if status, ok := e.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return e.ExitCode()
}

// language is the terminal's: Chinese where its locale says so.
func language() words.Language {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if locale := os.Getenv(name); locale != "" {
			if strings.HasPrefix(locale, "zh") {
				return words.Chinese
			}
			break
		}
	}
	return words.English
}

// version is the release that the binary was built from, or the commit where it is no release.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && v == "(devel)" {
			v = s.Value
		}
	}
	return "callout " + v + " " + info.GoVersion
}
