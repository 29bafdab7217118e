package workday_test

import (
	"slices"
	"testing"

	"callout/dispatch/workday"

	"pgregory.net/rapid"
)

func needing(v workday.Visit, needs ...workday.Need) workday.Visit {
	v.Needs = needs
	return v
}

func granted(d workday.Day, grants ...workday.Grant) workday.Day {
	d.Grants = grants
	return d
}

func TestRefusals(t *testing.T) {
	hvac := func(level int) workday.Need { return workday.Need{Skill: "hvac", Level: level} }
	gas := workday.Need{Skill: "gas", Level: 1}
	always := func(skill string, level int) workday.Grant {
		return workday.Grant{Skill: skill, Level: level, From: -workday.Forever, To: workday.Forever}
	}
	anytime := asked(10, at(8, 0), at(17, 0))
	long := workday.Visit{ID: id(99), At: mile(10), Duration: 8*hour + 30*minute}
	tests := []struct {
		name  string
		day   workday.Day
		visit workday.Visit
		want  []workday.Refusal
	}{
		{"fits", worker(), anytime, nil},
		{"no certificate", worker(), needing(anytime, hvac(3)), []workday.Refusal{{Code: workday.NoCertificate, Skill: "hvac", Needs: 3}}},
		{"level too low", granted(worker(), always("hvac", 2)), needing(anytime, hvac(3)), []workday.Refusal{{Code: workday.LevelTooLow, Skill: "hvac", Has: 2, Needs: 3}}},
		{"a higher level does", granted(worker(), always("hvac", 5)), needing(anytime, hvac(3)), nil},
		{
			"certificate expired", granted(worker(), workday.Grant{Skill: "hvac", Level: 3, From: 0, To: at(7, 0)}), needing(anytime, hvac(3)),
			[]workday.Refusal{{Code: workday.CertificateLapses, Skill: "hvac", Needs: 3, Until: at(7, 0)}},
		},
		{
			"certificate not valid yet", granted(worker(), workday.Grant{Skill: "hvac", Level: 3, From: at(20, 0), To: at(30, 0)}), needing(anytime, hvac(3)),
			[]workday.Refusal{{Code: workday.CertificateLapses, Skill: "hvac", Needs: 3, From: at(20, 0), Until: at(30, 0)}},
		},
		{
			"certificate runs out during the visit", granted(worker(), workday.Grant{Skill: "hvac", Level: 3, From: 0, To: at(14, 30)}), needing(asked(10, at(14, 0), at(16, 0)), hvac(3)),
			[]workday.Refusal{{Code: workday.CertificateLapses, Skill: "hvac", Needs: 3, Until: at(14, 30)}},
		},
		{"certificate runs out just after it", granted(worker(), workday.Grant{Skill: "hvac", Level: 3, From: 0, To: at(15, 0)}), needing(asked(10, at(14, 0), at(16, 0)), hvac(3)), nil},
		{"certificate renewed during it", granted(worker(), workday.Grant{Skill: "hvac", Level: 3, From: at(14, 30), To: at(90, 0)}, workday.Grant{Skill: "hvac", Level: 4, From: 0, To: at(14, 30)}), needing(asked(10, at(14, 0), at(14, 0)), hvac(3)), nil},
		{
			"certificate valid only when he is busy", granted(worker(booked(2, 0, at(8, 0), 3*hour)), workday.Grant{Skill: "hvac", Level: 3, From: 0, To: at(10, 0)}), needing(anytime, hvac(3)),
			[]workday.Refusal{{Code: workday.CertificateLapses, Skill: "hvac", Needs: 3, Until: at(10, 0)}},
		},
		{
			"two certificates never valid together", granted(worker(), workday.Grant{Skill: "hvac", Level: 3, From: 0, To: at(12, 0)}, workday.Grant{Skill: "gas", Level: 1, From: at(12, 0), To: at(40, 0)}), needing(anytime, hvac(3), gas),
			[]workday.Refusal{{Code: workday.CertificateLapses, Skill: "hvac", Needs: 3, Until: at(12, 0)}, {Code: workday.CertificateLapses, Skill: "gas", Needs: 1, From: at(12, 0), Until: at(40, 0)}},
		},
		{
			"one certificate missing, the other short but long enough", granted(worker(), workday.Grant{Skill: "hvac", Level: 3, From: 0, To: at(12, 0)}), needing(anytime, hvac(3), gas),
			[]workday.Refusal{{Code: workday.NoCertificate, Skill: "gas", Needs: 1}},
		},
		{
			"no certificate and no time either", granted(worker(), always("hvac", 1)), needing(asked(10, at(18, 0), at(19, 0)), gas, hvac(2)),
			[]workday.Refusal{{Code: workday.NoCertificate, Skill: "gas", Needs: 1}, {Code: workday.LevelTooLow, Skill: "hvac", Has: 1, Needs: 2}, {Code: workday.OutsideShift, From: at(8, 0), Until: at(17, 0)}},
		},
		{"no shift", workday.Day{}, needing(anytime, gas), []workday.Refusal{{Code: workday.NoCertificate, Skill: "gas", Needs: 1}, {Code: workday.NoShift}}},
		{"before the shift", worker(), asked(10, at(6, 0), at(7, 0)), []workday.Refusal{{Code: workday.OutsideShift, From: at(8, 0), Until: at(17, 0)}}},
		{"too far away for the window", worker(), asked(40, at(8, 0), at(8, 30)), []workday.Refusal{{Code: workday.ArrivesLate, At: at(8, 40), Until: at(8, 30)}}},
		{"too late to be home in time", worker(), asked(10, at(16, 0), at(17, 0)), []workday.Refusal{{Code: workday.HomeLate, At: at(17, 10), Until: at(17, 0)}}},
		{"no room for lunch beside it", withBreaks(worker(), lunch), long, []workday.Refusal{{Code: workday.BreakImpossible, From: at(11, 30), Until: at(13, 30)}}},
		{
			"between two bookings", worker(booked(2, 10, at(9, 0), 2*hour), booked(3, 20, at(12, 0), 4*hour)), asked(15, at(9, 0), at(12, 0)),
			[]workday.Refusal{{Code: workday.NoRoom, At: at(12, 10), Until: at(12, 0), Booking: id(3)}, {Code: workday.ArrivesLate, At: at(16, 5), Until: at(12, 0), Booking: id(3)}},
		},
		{
			"after the last booking", worker(booked(2, 10, at(9, 0), 6*hour+30*minute)), asked(30, at(9, 0), at(17, 0)),
			[]workday.Refusal{{Code: workday.HomeLate, At: at(17, 20), Until: at(17, 0)}},
		},
		{
			"lunch between bookings", withBreaks(worker(booked(2, 10, at(10, 0), 90*minute), booked(3, 10, at(13, 30), 2*hour)), lunch),
			workday.Visit{ID: id(99), At: mile(10), Duration: 90 * minute, Windows: []workday.Window{{From: at(11, 0), To: at(13, 0)}}},
			[]workday.Refusal{{Code: workday.BreakImpossible, From: at(11, 30), Until: at(13, 30)}},
		},
		{
			"a day that is broken already", worker(asked(40, at(8, 0), at(8, 20))), asked(10, at(12, 0), at(13, 0)),
			[]workday.Refusal{{Code: workday.DayBroken, At: at(8, 40), Until: at(8, 20), Booking: id(99)}},
		},
		{
			"a day that ends too late already", worker(asked(40, at(15, 30), at(16, 0))), asked(10, at(12, 0), at(13, 0)),
			[]workday.Refusal{{Code: workday.DayBroken, At: at(17, 10), Until: at(17, 0)}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, got := workday.Insert(tt.day, tt.visit, street, workday.DefaultWeights)
			if !slices.Equal(got, tt.want) {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

// Nobody is refused without a reason, and no reason is given where there is room.
func TestEveryRefusalHasAReason(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, v := day(t), visit(t, 1)
		for range rapid.IntRange(0, 2).Draw(t, "needs") {
			v.Needs = append(v.Needs, workday.Need{Skill: rapid.SampledFrom([]string{"hvac", "gas"}).Draw(t, "skill"), Level: rapid.IntRange(1, 3).Draw(t, "level")})
		}
		for range rapid.IntRange(0, 4).Draw(t, "grants") {
			from := int64(rapid.IntRange(5, 15).Draw(t, "valid from")) * hour
			d.Grants = append(d.Grants, workday.Grant{
				Skill: rapid.SampledFrom([]string{"hvac", "gas"}).Draw(t, "skill"), Level: rapid.IntRange(1, 4).Draw(t, "level"),
				From: from, To: from + int64(rapid.IntRange(1, 12).Draw(t, "valid hours"))*hour,
			})
		}
		r := workday.NewRoute(d, town)
		in, fits := r.Best(&v, workday.DefaultWeights)
		why := r.Refusals(&v)
		if fits != (len(why) == 0) {
			t.Fatalf("fits: %v, refusals: %+v", fits, why)
		}
		if !fits {
			return
		}
		for _, n := range v.Needs {
			held := slices.IndexFunc(d.Grants, func(g workday.Grant) bool { return g.Skill == n.Skill && g.Level >= n.Level })
			if held < 0 {
				t.Fatalf("%+v is not held, and yet he goes: %+v", n, in)
			}
		}
	})
}
