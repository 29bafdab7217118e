package solve

import (
	"fmt"
	"runtime/debug"
	"sync/atomic"
)

// BrokenError is an error of the search itself, which no problem should bring about: the goroutine that
// met it panicked. Solve returns it instead of ending the process.
type BrokenError struct {
	Cause any
	Stack []byte
}

// Error tells the cause, and for the logs where it came about.
func (b *BrokenError) Error() string {
	return fmt.Sprintf("the search broke: %v\n%s", b.Cause, b.Stack)
}

// alarm ends all goroutines of a search when one of them panics.
type alarm struct{ first atomic.Pointer[BrokenError] }

// guard does something. What it panics with rings the alarm.
func (a *alarm) guard(do func()) {
	defer func() {
		if cause := recover(); cause != nil {
			a.first.CompareAndSwap(nil, &BrokenError{cause, debug.Stack()})
		}
	}()
	do()
}

// rang is what rang the alarm first; nil where nothing did.
func (a *alarm) rang() error {
	if b := a.first.Load(); b != nil {
		return b
	}
	return nil
}

// heard are options of a search that stops at the alarm as well.
func (a *alarm) heard(o Options) Options {
	stop := o.Stop
	o.Stop = func() bool { return a.first.Load() != nil || stop != nil && stop() }
	return o
}
