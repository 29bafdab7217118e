package main

import (
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// bar shows on a terminal how far something is; elsewhere it is nil and shows nothing.
type bar struct{ *progressbar.ProgressBar }

func newBar(what string, total int) *bar {
	if !terminal(os.Stderr) {
		return nil
	}
	return &bar{progressbar.NewOptions(total,
		progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription(what), progressbar.OptionSetWidth(30),
		progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(true), progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
	)}
}

func (b *bar) at(done int) {
	if b != nil {
		_ = b.Set(done)
	}
}

// end takes the bar off the terminal.
func (b *bar) end() {
	if b != nil {
		_ = b.Finish()
	}
}

func terminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }
