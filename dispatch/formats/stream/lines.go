package stream

import (
	"errors"
	"io"
	"slices"
)

// maxValue is how many bytes one value that is held as a whole may have: a row of a matrix of
// 20,000 places has 400,000.
const maxValue = 8 << 20

var errLong = errors.New("a value is too long")

// lines counts the lines of what is read through it, so that a broken place can be named as an
// editor names it. It remembers only where the lines begin that the decoder still looks at.
type lines struct {
	in       io.Reader
	consumed func() int64 // how far the decoder is
	read     int64
	before   int     // line breaks that are forgotten
	last     int64   // where the line after those begins
	starts   []int64 // where the lines after that begin
}

// Read reads on, and refuses to while the decoder has not got on for too long.
func (l *lines) Read(b []byte) (int, error) {
	at := l.consumed()
	if l.read-at > maxValue {
		return 0, errLong
	}
	done := 0
	for done < len(l.starts) && l.starts[done] <= at {
		done++
	}
	if done > 0 {
		l.before, l.last = l.before+done, l.starts[done-1]
		l.starts = slices.Delete(l.starts, 0, done)
	}
	n, err := l.in.Read(b)
	for i, c := range b[:n] {
		if c == '\n' {
			l.starts = append(l.starts, l.read+int64(i)+1)
		}
	}
	l.read += int64(n)
	return n, err
}

// place is the line and the column of an offset, both from 1, in bytes.
func (l *lines) place(offset int64) (line, column int) {
	line, start := l.before+1, l.last
	for _, s := range l.starts {
		if s > offset {
			break
		}
		line, start = line+1, s
	}
	return line, int(offset-start) + 1
}
