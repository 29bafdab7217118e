package dispatch_test

import (
	"testing"

	"callout/dispatch"
	"callout/internal/fault"

	"github.com/google/uuid"
)

func TestLevelHeld(t *testing.T) {
	hvac, gas := uuid.New(), uuid.New()
	held := func(skill uuid.UUID, level int, from, to string) dispatch.Certification {
		return dispatch.Certification{SkillID: skill, Level: level, ValidFrom: at(from), ValidTo: at(to)}
	}
	revoked := func(c dispatch.Certification, clock string) dispatch.Certification {
		c.RevokedAt = ptr(at(clock))
		return c
	}
	tests := []struct {
		name     string
		held     []dispatch.Certification
		from, to string
		want     int
	}{
		{"nothing", nil, "09:00", "10:00", 0},
		{"another skill", []dispatch.Certification{held(gas, 5, "00:00", "23:00")}, "09:00", "10:00", 0},
		{"valid for the whole visit", []dispatch.Certification{held(hvac, 3, "09:00", "10:00")}, "09:00", "10:00", 3},
		{"ends within the visit", []dispatch.Certification{held(hvac, 3, "09:00", "09:59")}, "09:00", "10:00", 0},
		{"begins within the visit", []dispatch.Certification{held(hvac, 3, "09:01", "12:00")}, "09:00", "10:00", 0},
		{"the highest counts", []dispatch.Certification{held(hvac, 2, "08:00", "12:00"), held(hvac, 4, "08:00", "12:00"), held(hvac, 3, "08:00", "12:00")}, "09:00", "10:00", 4},
		{"the highest that is valid counts", []dispatch.Certification{held(hvac, 5, "08:00", "09:30"), held(hvac, 2, "08:00", "12:00")}, "09:00", "10:00", 2},
		{"renewed without a gap", []dispatch.Certification{held(hvac, 3, "09:30", "12:00"), held(hvac, 3, "08:00", "09:30")}, "09:00", "10:00", 3},
		{"renewed with a gap", []dispatch.Certification{held(hvac, 3, "08:00", "09:30"), held(hvac, 3, "09:31", "12:00")}, "09:00", "10:00", 0},
		{"renewed at a lower level", []dispatch.Certification{held(hvac, 4, "08:00", "09:30"), held(hvac, 2, "09:30", "12:00")}, "09:00", "10:00", 2},
		{"revoked before", []dispatch.Certification{revoked(held(hvac, 3, "00:00", "23:00"), "08:00")}, "09:00", "10:00", 0},
		{"revoked within the visit", []dispatch.Certification{revoked(held(hvac, 3, "00:00", "23:00"), "09:30")}, "09:00", "10:00", 0},
		{"revoked after the visit", []dispatch.Certification{revoked(held(hvac, 3, "00:00", "23:00"), "11:00")}, "09:00", "10:00", 3},
		{"revoked after its end", []dispatch.Certification{revoked(held(hvac, 3, "00:00", "09:30"), "11:00")}, "09:00", "10:00", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := dispatch.LevelHeld(tt.held, hvac, at(tt.from), at(tt.to)); got != tt.want {
				t.Errorf("level %d, want %d", got, tt.want)
			}
		})
	}
}

func TestCertificateIsGrantedAndRevoked(t *testing.T) {
	t.Parallel()
	f := newField(t)
	ctx := t.Context()
	li := f.newTechnician("Li", 0)
	by := dispatcher(&f.outlet.ID)
	grant := dispatch.NewCertification{SkillID: f.hvac.ID, Level: 3, ValidFrom: monday, ValidTo: monday.AddDate(1, 0, 0)}
	c := must(f.crew.Certify(ctx, by, li.ID, grant))(t)
	must(f.crew.Certify(ctx, by, li.ID, grant))(t) // the same time again does no harm
	_, err := f.crew.Certify(ctx, by, li.ID, dispatch.NewCertification{SkillID: uuid.New(), Level: 6, ValidFrom: monday, ValidTo: monday})
	wants(t, err, fault.Invalid, "/skill_id no such skill", "/level must be from 1 to 5", "/valid_to must be after")
	other := dispatcher(ptr(uuid.New()))
	_, err = f.crew.Certify(ctx, other, li.ID, grant)
	wants(t, err, fault.NotFound, "no such technician")
	_, err = f.crew.Revoke(ctx, other, c.ID, 1, "x")
	wants(t, err, fault.NotFound, "no such certificate")
	_, err = f.crew.Revoke(ctx, by, c.ID, 2, "x")
	wants(t, err, fault.Stale, "version 1")
	_, err = f.crew.Revoke(ctx, by, c.ID, 1, " ")
	wants(t, err, fault.Invalid, "/reason")
	f.setClock(at("12:00"))
	c = must(f.crew.Revoke(ctx, by, c.ID, 1, "cheated in the exam"))(t)
	if c.RevokedAt == nil || !c.RevokedAt.Equal(at("12:00")) || c.Version != 2 {
		t.Errorf("revoked %+v", c)
	}
	_, err = f.crew.Revoke(ctx, by, c.ID, 2, "again")
	wants(t, err, fault.Conflict, "revoked already")
	all, next, err := f.crew.Certifications(ctx, by, li.ID, uuid.Nil, 1)
	if err != nil || len(all) != 1 || next != c.ID || all[0].RevokeReason != "cheated in the exam" {
		t.Errorf("first page %+v, %v, %v", all, next, err)
	}
	if rest, next, err := f.crew.Certifications(ctx, by, li.ID, next, 1); err != nil || len(rest) != 1 || next != uuid.Nil {
		t.Errorf("last page %+v, %v, %v", rest, next, err)
	}
	_, _, err = f.crew.Certifications(ctx, other, li.ID, uuid.Nil, 1)
	wants(t, err, fault.NotFound, "no such technician")
	if rosters := must(f.crew.Day(ctx, by, nil, at("12:00"), at("13:00")))(t); len(rosters[0].Certifications) != 1 {
		t.Errorf("after the revocation %d certificates count", len(rosters[0].Certifications))
	}
	if rosters := must(f.crew.Day(ctx, by, nil, at("08:00"), at("13:00")))(t); len(rosters[0].Certifications) != 2 || rosters[0].Level(f.hvac.ID, at("08:00"), at("09:00")) != 3 {
		t.Errorf("before it %d did", len(rosters[0].Certifications))
	}
}
