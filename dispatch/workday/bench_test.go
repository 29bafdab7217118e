package workday_test

import (
	"testing"

	"callout/dispatch/workday"
)

// full gives days with about ten stops each, booked by Greedy.
func full(b *testing.B, technicians int) (workday.Problem, []workday.Day) {
	b.Helper()
	p := operation(1, 12, technicians, technicians*14)
	for i := range p.Visits {
		p.Visits[i].Duration = 20 * minute
	}
	plan := workday.Greedy(p, nil)
	days, stops := make([]workday.Day, len(p.Days)), 0
	for i, d := range p.Days {
		for _, s := range plan.Days[i].Schedule.Stops {
			v := find(p, i, s.Visit)
			v.Fixed, v.Start = true, s.Start
			d.Stops = append(d.Stops, v)
		}
		stops += len(d.Stops)
		days[i] = d
	}
	b.Logf("%d technicians with %.1f stops each", len(days), float64(stops)/float64(len(days)))
	return p, days
}

func BenchmarkRank(b *testing.B) {
	p, days := full(b, 1000)
	v := p.Visits[0]
	v.Needs, v.Windows = nil, nil
	routes := make([]*workday.Route, len(days))
	for i, d := range days {
		routes[i] = workday.NewRoute(d, p.Travel)
	}
	b.Run("prepare 1,000 days", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for i, d := range days {
				routes[i] = workday.NewRoute(d, p.Travel)
			}
		}
	})
	b.Run("insert into 1,000 days", func(b *testing.B) {
		fit := 0
		b.ReportAllocs()
		for b.Loop() {
			fit = 0
			for _, r := range routes {
				if _, fits := r.Best(&v, p.Weights); fits {
					fit++
				}
			}
		}
		b.ReportMetric(float64(fit), "fit")
	})
	b.Run("1,000 days with all refusals", func(b *testing.B) {
		v := p.Visits[1]
		b.ReportAllocs()
		for b.Loop() {
			for _, r := range routes {
				if _, fits := r.Best(&v, p.Weights); !fits {
					r.Refusals(&v)
				}
			}
		}
	})
}

func BenchmarkGreedy(b *testing.B) {
	for name, outlets := range map[string]int{"12 outlets": 12, "1 outlet": 1} {
		b.Run("2,000 visits, 200 technicians, "+name, func(b *testing.B) {
			p := operation(1, outlets, 200, 2000)
			served := 0
			b.ReportAllocs()
			for b.Loop() {
				served = len(workday.Greedy(p, nil).Assigned)
			}
			b.ReportMetric(float64(served), "served")
		})
	}
}
