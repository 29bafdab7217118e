package cases

import (
	"strings"
	"time"

	"callout/internal/words"
)

// story is all that an event of a case or of a job may say.
type story struct {
	zone       *time.Location
	technician string

	Number     string     `json:"number"`
	OnBehalf   bool       `json:"on_behalf"`
	PartNumber string     `json:"part_number"`
	Quantity   int        `json:"quantity"`
	Short      int        `json:"short"`
	NewSerial  string     `json:"new_serial"`
	Warranty   words.Noun `json:"warranty"`
	Details    struct {
		opening

		Reason      string     `json:"reason"`
		Changed     []string   `json:"changed"`
		Was         *judgement `json:"was"`
		Is          *judgement `json:"is"`
		RespondedAt time.Time  `json:"responded_at"`
		DueAt       time.Time  `json:"due_at"`
		Job         string     `json:"job"`

		StartsAt time.Time `json:"starts_at"`
		EndsAt   time.Time `json:"ends_at"`
		For      hold      `json:"for"`
		Note     string    `json:"note"`
		Metres   *int      `json:"metres"`
		FollowOn string    `json:"follow_on_number"`
	} `json:"details"`
}

// hold is what a job waits for, a word of the trade.
type hold string

// member is the name of something that can change, a word of the trade.
type member string

// sentences tell the events. A kind that is not here is told by its name.
var sentences = map[string]func(story) words.Text{
	"case.opened": func(s story) words.Text {
		d := s.Details
		return words.Say("case %s received by %s: %s, %s, priority %s; response due %s, completion due %s", s.Number, d.Channel,
			d.Type.word(), d.Severity, d.Priority, s.clock(d.ResponseDueAt), s.clock(d.CompletionDueAt))
	},
	"case.classified": func(s story) words.Text {
		if s.Details.Is == nil {
			return words.Say("classified as it was received")
		}
		return s.judged()
	},
	"case.amended":            amendedSentence,
	"case.responded":          respondedSentence,
	"case.in_service":         func(s story) words.Text { return words.Say("in service with job %s", s.Details.Job) },
	"case.resolved":           resolvedSentence,
	"case.closed":             func(story) words.Text { return words.Say("case closed") },
	"case.reopened":           func(s story) words.Text { return s.because(words.Say("case reopened")) },
	"case.canceled":           func(s story) words.Text { return s.because(words.Say("case canceled")) },
	"case.response_overdue":   func(s story) words.Text { return words.Say("not answered by %s", s.clock(s.Details.DueAt)) },
	"case.completion_overdue": func(s story) words.Text { return words.Say("not solved by %s", s.clock(s.Details.DueAt)) },

	"job.opened":     func(s story) words.Text { return words.Say("job %s opened", s.Number) },
	"job.amended":    func(s story) words.Text { return words.Say("job %s changed: %s", s.Number, s.changes()) },
	"job.assigned":   func(s story) words.Text { return s.booked("job %s assigned to %s, %s to %s") },
	"job.reassigned": func(s story) words.Text { return s.booked("job %s reassigned to %s, %s to %s") },
	"job.unassigned": func(s story) words.Text { return s.because(words.Say("job %s taken from %s", s.Number, s.technician)) },
	"job.dispatched": func(s story) words.Text { return words.Say("job %s sent out to %s", s.Number, s.technician) },
	"job.accepted":   func(s story) words.Text { return s.behalf(words.Say("job %s accepted by %s", s.Number, s.technician)) },
	"job.declined": func(s story) words.Text {
		return s.because(s.behalf(words.Say("job %s declined by %s", s.Number, s.technician)))
	},
	"job.traveling": func(s story) words.Text {
		return s.behalf(words.Say("%s is on the way to job %s", s.technician, s.Number))
	},
	"job.arrived":   arrivedSentence,
	"job.started":   func(s story) words.Text { return s.behalf(words.Say("work on job %s began", s.Number)) },
	"job.held":      heldSentence,
	"job.resumed":   func(s story) words.Text { return s.behalf(words.Say("work on job %s goes on", s.Number)) },
	"slot.held":     func(s story) words.Text { return s.window("window %s to %s held for job %s") },
	"slot.released": func(s story) words.Text { return s.window("window %s to %s given back for job %s") },
	"part.used":     usedSentence,
	"part.short": func(s story) words.Text {
		return words.Say("the van's books had %d too few of part %s for job %s", s.Short, s.PartNumber, s.Number)
	},
	"part.warranty_decided": func(s story) words.Text {
		return words.Say("who pays for a part on job %s decided: %s", s.Number, s.Warranty)
	},
	"job.finished":   func(s story) words.Text { return s.behalf(words.Say("work on job %s is done", s.Number)) },
	"job.incomplete": incompleteSentence,
	"job.closed":     func(s story) words.Text { return s.behalf(words.Say("job %s signed and closed", s.Number)) },
	"job.canceled":   func(s story) words.Text { return s.because(words.Say("job %s canceled", s.Number)) },
}

func amendedSentence(s story) words.Text {
	if s.Details.Is == nil {
		return words.Say("case changed: %s", s.changes())
	}
	return s.judged()
}

// judged tells how a case is judged now, and how it was before.
func (s story) judged() words.Text {
	was, is := s.Details.Was, s.Details.Is
	t := words.Say("judged %s, %s, priority %s instead of %s, %s, priority %s",
		is.Type.word(), is.Severity, is.Priority, was.Type.word(), was.Severity, was.Priority)
	if is.ResponseDueAt.Equal(was.ResponseDueAt) && is.CompletionDueAt.Equal(was.CompletionDueAt) {
		return t
	}
	return words.Say("%s; %s", t, words.Say("response due %s instead of %s, completion due %s instead of %s",
		s.clock(is.ResponseDueAt), s.clock(was.ResponseDueAt), s.clock(is.CompletionDueAt), s.clock(was.CompletionDueAt)))
}

func respondedSentence(s story) words.Text {
	if s.Details.Job != "" {
		return words.Say("customer answered: somebody is on the way for job %s", s.Details.Job)
	}
	return words.Say("customer answered at %s", s.clock(s.Details.RespondedAt))
}

func resolvedSentence(s story) words.Text {
	if s.Details.Job != "" {
		return words.Say("resolved: job %s was the last one", s.Details.Job)
	}
	return s.because(words.Say("resolved without a visit"))
}

func arrivedSentence(s story) words.Text {
	t := words.Say("%s arrived for job %s", s.technician, s.Number)
	if s.Details.Metres != nil {
		t = words.Say("%s arrived for job %s, %d m from the site", s.technician, s.Number, *s.Details.Metres)
	}
	return s.behalf(t)
}

func heldSentence(s story) words.Text {
	s.Details.Reason = s.Details.Note
	return s.because(s.behalf(words.Say("job %s on hold, waiting for %s", s.Number, s.Details.For)))
}

func incompleteSentence(s story) words.Text {
	t := words.Say("job %s could not be completed", s.Number)
	if s.Details.FollowOn != "" {
		t = words.Say("job %s could not be completed, job %s carries on", s.Number, s.Details.FollowOn)
	}
	return s.because(s.behalf(t))
}

// booked tells who is to do a job, and when.
func (s story) booked(format string) words.Text {
	return s.because(words.Text{Format: format, Args: []any{s.Number, s.technician, s.clock(s.Details.StartsAt), s.clock(s.Details.EndsAt)}})
}

// window tells of a window that is offered for a job.
func (s story) window(format string) words.Text {
	return words.Text{Format: format, Args: []any{s.clock(s.Details.StartsAt), s.clock(s.Details.EndsAt), s.Number}}
}

// because adds the reason that somebody gave.
func (s story) because(t words.Text) words.Text {
	if s.Details.Reason == "" {
		return t
	}
	return words.Say("%s: %s", t, s.Details.Reason)
}

// behalf adds that somebody else said it for the technician.
func (s story) behalf(t words.Text) words.Text {
	if !s.OnBehalf {
		return t
	}
	return words.Say("%s (told by somebody else)", t)
}

// changes lists what changed, word by word.
func (s story) changes() words.Text {
	if len(s.Details.Changed) == 0 {
		return words.Say("nothing")
	}
	t := words.Text{Format: strings.TrimSuffix(strings.Repeat("%s, ", len(s.Details.Changed)), ", ")}
	for _, m := range s.Details.Changed {
		t.Args = append(t.Args, member(m))
	}
	return t
}

// clock shows a moment as clocks at the site do.
func (s story) clock(t time.Time) string { return t.In(s.zone).Format("2006-01-02 15:04") }

// word is the type as people say it; return alone is what becomes of an old part.
func (t Type) word() words.Noun {
	if t == TypeReturn {
		return "return or exchange"
	}
	return words.Noun(t)
}

func usedSentence(s story) words.Text {
	if s.NewSerial != "" {
		return words.Say("part %s, serial %s, put in on job %s", s.PartNumber, s.NewSerial, s.Number)
	}
	return words.Say("part %s, %d of it, used on job %s", s.PartNumber, s.Quantity, s.Number)
}
