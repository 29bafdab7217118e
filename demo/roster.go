package demo

import (
	"fmt"
	"time"

	"callout/importer"

	"github.com/paulmach/orb"
)

// Technician is one of the roster. Everything about him is made up.
type Technician struct {
	Code         string // R09-03: the third of region 9
	Outlet       string // code
	Name         string
	NameZh       string
	Phone        string // E.164, of the numbers kept for fiction
	Home         orb.Point
	CostPerHour  int64 // cents
	Currency     string
	Van          string // code of the stock location
	Certificates []Certificate
	Shift        Shift
}

// Certificate says that a skill is held at a level from a day on until before another.
type Certificate struct {
	Skill string
	Level int
	From  time.Time
	To    time.Time
}

// Shift is a technician's working time on the day, with its break.
type Shift struct {
	Kind         string // early, full or late
	From         time.Time
	To           time.Time
	BreakFrom    time.Time // the break begins between these two
	BreakTo      time.Time
	BreakMinutes int
}

// perTechnician is how many minutes of work and way there are for each technician of a region:
// so many that about nine jobs in ten find their place within their windows.
const perTechnician = 560

// wayMinutes is about what one more job adds to a day's driving.
const wayMinutes = 9

// Roster lists the technicians of all outlets for a day, the same people at each call. They
// live near the requests of FirstFile inside their outlet's territory, and there are enough of
// each trade for most of the work; some certificates have run out or begin only later.
func Roster(day Day) ([]Technician, error) {
	outlets, err := Outlets()
	if err != nil {
		return nil, err
	}
	requests, err := Requests(importer.Vocabulary{}, FirstFile)
	if err != nil {
		return nil, err
	}
	var all []Technician
	for _, o := range outlets {
		var own []importer.Record
		minutes := map[string]int{} // by skill
		for _, r := range requests {
			if o.Territory.Contains(r.Site.Point) {
				own = append(own, r)
				minutes[r.Job.Skills[0].Code] += wayMinutes + int(r.Job.Duration.Minutes())
			}
		}
		number := 0
		for _, t := range trades {
			work := 0
			for _, skill := range t.work {
				work += minutes[skill]
			}
			staff := (work + perTechnician/2) / perTechnician
			if work > 0 {
				staff = max(1, staff) // rare work needs somebody too
			}
			for range staff {
				number++
				all = append(all, hire(day, o, own, t, number, len(all)))
			}
		}
	}
	return all, nil
}

func hire(day Day, o Outlet, near []importer.Record, t trade, number, n int) Technician {
	code := fmt.Sprintf("%s-%02d", o.Code, number)
	name, nameZh := personName(n)
	w := Technician{
		Code: code, Outlet: o.Code, Name: name, NameZh: nameZh,
		Phone:    fmt.Sprintf("+1%d55501%02d", areas[n/100%len(areas)], n%100),
		Home:     home(o, near, code),
		Currency: "USD", Van: "VAN-" + code,
		Shift: shift(day, code),
	}
	best := 0
	for _, l := range t.skills {
		if draw(10, "has ", l.skill, code) >= l.outOf10 {
			continue
		}
		c := certificate(day, l, code)
		best = max(best, c.Level)
		w.Certificates = append(w.Certificates, c)
	}
	w.CostPerHour = int64(2400 + 500*best + 50*draw(11, "cost", code))
	return w
}

// areas are codes of Los Angeles; their numbers 555-0100 to 555-0199 belong to nobody.
var areas = []int{213, 310, 323, 424, 626, 661, 747, 818}

// home lies up to 400 m from a request, inside the outlet's territory.
func home(o Outlet, near []importer.Record, code string) orb.Point {
	for try := 0; ; try++ {
		p := near[draw(len(near), "street", try, code)].Site.Point
		if try < 20 {
			p[0] += float64(draw(801, "east", try, code)-400) / 92_000
			p[1] += float64(draw(801, "north", try, code)-400) / 111_000
		}
		if o.Territory.Contains(p) {
			return p
		}
	}
}

// certificate is valid on the day but for about one in thirty, which ran out or begins later.
func certificate(day Day, l learned, code string) Certificate {
	date := func(days int) time.Time { return day.wall(day.date.AddDate(0, 0, days)) }
	c := Certificate{
		Skill: l.skill, Level: l.low + draw(l.top-l.low+1, "level", l.skill, code),
		From: date(-60 - draw(700, "since", l.skill, code)), To: date(30 + draw(700, "until", l.skill, code)),
	}
	switch draw(60, "lapsed", l.skill, code) {
	case 0:
		c.To = date(-1 - draw(30, "ago", l.skill, code))
	case 1:
		c.From = date(1 + draw(30, "soon", l.skill, code))
	}
	return c
}

// shift draws when somebody works: three in ten early, four all day, three late.
func shift(day Day, code string) Shift {
	s := Shift{BreakMinutes: 30 + 5*draw(4, "break", code)}
	set := func(kind string, from, to, breakFrom, breakTo int) {
		s.Kind = kind
		s.From, s.To = day.At(0, from), day.At(0, to)
		s.BreakFrom, s.BreakTo = day.At(0, breakFrom), day.At(0, breakTo)
	}
	half := 30 * draw(3, "half hour", code)
	switch kind := draw(10, "shift", code); {
	case kind < 3:
		set("early", 6*60+half, 14*60+30+half, 10*60+half, 11*60+30+half)
	case kind < 7:
		set("full", 7*60+30+half, 16*60+30+half, 11*60+30, 13*60)
	default:
		set("late", 11*60+30+half, 20*60+half, 15*60+half, 16*60+30+half)
	}
	return s
}
