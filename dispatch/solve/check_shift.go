package solve

import "fmt"

func (c *checker) shift(at string, s *Shift) {
	if s.Technician < 0 || s.Technician > mostPeople {
		c.faults.Add(at+"/technician", "must be from 0 to %d", mostPeople)
	}
	c.index(at+"/profile", s.Profile, len(c.p.Travel))
	c.place(at+"/start", s.Start)
	c.place(at+"/end", s.End)
	c.moment(at+"/from", s.From)
	c.moment(at+"/to", s.To)
	if s.To < s.From {
		c.faults.Add(at+"/to", "is before the shift begins")
	}
	if c.within(at+"/overtime", s.Overtime, longestSpan) {
		c.time(at+"/overtime", s.To+s.Overtime)
	}
	for i := range s.Breaks {
		here := fmt.Sprintf("%s/breaks/%d", at, i)
		c.windows(here, s.Breaks[i].Windows)
		c.within(here+"/duration", s.Breaks[i].Duration, longestSpan)
	}
	c.amounts(at+"/capacity", s.Capacity)
	c.within(at+"/max_jobs", int64(s.MaxJobs), mostAmount)
	c.within(at+"/max_driving", s.MaxDriving, mostAmount)
	c.within(at+"/max_metres", s.MaxMetres, mostAmount)
	c.within(at+"/rates/fixed", s.Rates.Fixed, mostAmount)
	c.within(at+"/rates/driving", s.Rates.Driving, mostRate)
	c.within(at+"/rates/work", s.Rates.Work, mostRate)
	c.within(at+"/rates/overtime", s.Rates.Overtime, mostRate)
	c.within(at+"/rates/km", s.Rates.Km, mostRate)
	c.within(at+"/pace", int64(s.Pace), 1_000_000)
}

// mostPeople bounds the numbers of technicians.
const mostPeople = 1_000_000

func (c *checker) job(at string, j *Job) {
	c.index(at+"/place", j.Place, c.p.Places)
	c.windows(at, j.Windows)
	if j.Release != 0 {
		c.time(at+"/release", j.Release)
	}
	if j.Due != 0 {
		c.time(at+"/due", j.Due)
	}
	c.within(at+"/late_weight", j.LateWeight, mostWeight)
	c.within(at+"/setup", j.Setup, longestSpan)
	c.within(at+"/work", j.Work, longestSpan)
	c.parts(at+"/parts", j.Parts)
	c.amounts(at+"/deliver", j.Deliver)
	c.amounts(at+"/pickup", j.Pickup)
	c.index(at+"/class", j.Class, Classes)
	c.within(at+"/weight", j.Weight, mostWeight)
	for k, like := range j.Preferences {
		if like.Points < -mostWeight || like.Points > mostWeight {
			c.faults.Add(fmt.Sprintf("%s/preferences/%d/points", at, k), "must be from %d to %d", -mostWeight, mostWeight)
		}
	}
	for k, a := range j.After {
		c.index(fmt.Sprintf("%s/after/%d", at, k), a, len(c.p.Jobs))
	}
	if j.Pin != nil && c.index(at+"/pin/shift", j.Pin.Shift, len(c.p.Shifts)) && j.Pin.Timed {
		c.moment(at+"/pin/start", j.Pin.Start)
	}
	if j.Published != nil {
		c.index(at+"/published/shift", j.Published.Shift, len(c.p.Shifts))
	}
}
