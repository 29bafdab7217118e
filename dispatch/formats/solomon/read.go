package solomon

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"callout/dispatch/solve"
	"callout/internal/fault"
	"callout/internal/words"
)

// The limits of what a file may say.
const (
	maxCustomers = 20_000
	maxVehicles  = 20_000
	maxNumber    = 1_000_000
	maxLine      = 64 << 10
	maxFaults    = 1000
)

// Document is a file as it was read: the depot, then the customers in its order.
type Document struct {
	name    string
	numbers []int64
	at      [][2]float64
	problem *solve.Problem
}

// Problem is what there is to be solved: job i is the customer after the depot in line i.
func (d *Document) Problem() *solve.Problem { return d.problem }

// reader walks through the lines of a file.
type reader struct {
	fault.Faults
	in   *bufio.Scanner
	line int
}

// Read reads an instance. It returns all that is wrong with it together, as fault.Invalid, each
// fault with its line and column.
func Read(in io.Reader) (*Document, error) {
	r := &reader{in: bufio.NewScanner(in)}
	r.in.Buffer(nil, maxLine)
	d := r.document()
	if err := r.in.Err(); errors.Is(err, bufio.ErrTooLong) {
		r.add(r.line+1, 1, "is longer than %d bytes", maxLine)
	} else if err != nil {
		return nil, err
	}
	if err := r.Err(fault.Invalid, "the document cannot be understood"); err != nil {
		return nil, err
	}
	return d, nil
}

func (r *reader) add(line, column int, format string, args ...any) {
	r.Add(fmt.Sprintf("%d:%d", line, column), format, args...)
}

// word is a word of a line and the column where it begins.
type word struct {
	text   string
	column int
}

// next is the next line that is not blank.
func (r *reader) next() ([]word, bool) {
	for len(r.Faults) < maxFaults && r.in.Scan() {
		r.line++
		text := r.in.Text()
		var words []word
		for at := 0; at < len(text); {
			n := strings.IndexFunc(text[at:], func(c rune) bool { return !blank(c) })
			if n < 0 {
				break
			}
			at += n
			end := strings.IndexFunc(text[at:], blank)
			if end < 0 {
				end = len(text) - at
			}
			words = append(words, word{text[at : at+end], at + 1})
			at += end
		}
		if len(words) > 0 {
			return words, true
		}
	}
	return nil, false
}

func blank(c rune) bool {
	return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f' || c == '\uFEFF'
}

// expect passes over a line that begins with a word.
func (r *reader) expect(heading string) bool {
	words, there := r.next()
	if !there || !strings.EqualFold(words[0].text, heading) {
		r.add(max(r.line, 1), 1, "must be the heading %s", heading)
		return false
	}
	return true
}

func (r *reader) document() *Document {
	d := &Document{}
	name, there := r.next()
	if !there {
		r.add(1, 1, "must be the name of the instance")
		return nil
	}
	d.name = name[0].text
	if !r.expect("VEHICLE") || !r.expect("NUMBER") {
		return nil
	}
	fleet, _ := r.next()
	if len(fleet) != 2 {
		r.add(max(r.line, 1), 1, "must be %d numbers", 2)
		return nil
	}
	vehicles, capacity := r.number(fleet[0], 1, maxVehicles), r.number(fleet[1], 0, maxNumber)
	if !r.expect("CUSTOMER") || !r.expect("CUST") {
		return nil
	}
	d.problem = &solve.Problem{
		Objective: solve.Objective{{{Of: solve.Unserved, Price: 1}}, {{Of: solve.Cost, Price: 1}}},
	}
	depot := r.customers(d)
	if depot == nil {
		r.add(r.line+1, 1, "must be the depot: %d numbers", columns)
		return nil
	}
	d.problem.Places = len(d.at)
	d.problem.Travel = []solve.Travel{plane(d.at)}
	for i := range vehicles {
		d.problem.Shifts = append(d.problem.Shifts, solve.Shift{
			Technician: int(i), From: depot.Windows[0].From, To: depot.Windows[0].To, Capacity: []int64{capacity}, Rates: solve.Rates{Driving: 3600},
		})
	}
	return d
}

// columns is how many numbers a customer has: his own, x, y, demand, ready time, due date, service time.
const columns = 7

// customers reads the lines of the depot, which it returns, and of the customers.
func (r *reader) customers(d *Document) (depot *solve.Job) {
	seen := map[int64]bool{}
	for words, there := r.next(); there; words, there = r.next() {
		if len(words) != columns {
			r.add(r.line, words[0].column, "must be %d numbers", columns)
			continue
		}
		number := r.number(words[0], 0, maxNumber)
		if seen[number] {
			r.add(r.line, words[0].column, "stands in another line already")
		}
		seen[number] = true
		from, to := r.tenths(words[4]), r.tenths(words[5])
		if from > to {
			r.add(r.line, words[5].column, "is before the ready time")
		}
		if len(d.at) > maxCustomers {
			r.add(r.line, 1, "is beyond the limit of %d customers", maxCustomers)
			return depot
		}
		d.at = append(d.at, [2]float64{r.real(words[1]), r.real(words[2])})
		job := solve.Job{Place: len(d.at) - 1, Windows: []solve.Window{{From: from, To: to}}, Work: r.tenths(words[6]), Deliver: []int64{r.number(words[3], 0, maxNumber)}}
		if depot == nil {
			depot = &job
			continue
		}
		d.numbers = append(d.numbers, number)
		d.problem.Jobs = append(d.problem.Jobs, job)
	}
	return depot
}

func (r *reader) number(w word, least, most int64) int64 {
	f := r.real(w)
	n := int64(f)
	switch {
	case float64(n) != f:
		r.add(r.line, w.column, "must be of type %s", words.Noun("integer"))
	case n < least:
		r.add(r.line, w.column, "must be at least %s", strconv.FormatInt(least, 10))
	case n > most:
		r.add(r.line, w.column, "must be at most %s", strconv.FormatInt(most, 10))
	default:
		return n
	}
	return least
}

func (r *reader) real(w word) float64 {
	f, err := strconv.ParseFloat(w.text, 64)
	switch {
	case err != nil && !errors.Is(err, strconv.ErrRange) || math.IsNaN(f) || strings.ContainsAny(w.text, "xXpP_"):
		r.add(r.line, w.column, "must be of type %s", words.Noun("number"))
	case math.Abs(f) > maxNumber:
		r.add(r.line, w.column, "must be at most %s", strconv.Itoa(maxNumber))
	default:
		return f
	}
	return 0
}

// tenths reads a time in tenths, which it must be whole in.
func (r *reader) tenths(w word) int64 {
	f := r.real(w)
	t := math.Round(f * 10)
	if f < 0 {
		r.add(r.line, w.column, "must be at least %s", "0")
	} else if math.Abs(f*10-t) > 1e-6 {
		r.add(r.line, w.column, "must have at most one digit after the point")
	}
	return int64(t)
}
