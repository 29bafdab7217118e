package dispatch_test

import (
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"callout/dispatch"
	"callout/internal/fault"
	"callout/internal/who"

	"github.com/google/uuid"
)

// stir changes whatever ranking depends on, now here, now there.
type stir struct {
	f     *field
	nodes []*dispatch.Board
	crew  []dispatch.Technician
	jobs  []uuid.UUID
	done  atomic.Int64 // changes that took effect
}

// write makes so many changes. What the others' changes forbid is refused, and nothing else goes wrong.
func (s *stir) write(t *testing.T, r *rand.Rand, n int) {
	t.Helper()
	for range n {
		err := s.change(t, r)
		if err == nil {
			s.done.Add(1)
		} else if e := fault.From(err); e.Code == fault.Internal {
			t.Error(err)
		}
	}
}

func (s *stir) change(t *testing.T, r *rand.Rand) error {
	t.Helper()
	ctx, node := t.Context(), s.nodes[r.IntN(len(s.nodes))]
	li := s.crew[r.IntN(len(s.crew))]
	j, err := node.Find(ctx, who.System, s.jobs[r.IntN(len(s.jobs))])
	if err != nil {
		return err
	}
	from := at("08:00").Add(time.Duration(r.IntN(40)) * 12 * time.Minute)
	switch r.IntN(10) {
	case 0, 1:
		_, err = node.Assign(ctx, who.System, j.ID, j.Version, dispatch.Assignment{TechnicianID: li.ID})
	case 2:
		_, err = node.AutoAssign(ctx, who.System, j.ID, j.Version, dispatch.Asked{})
	case 3:
		_, err = node.Reassign(ctx, who.System, j.ID, j.Version, dispatch.Assignment{TechnicianID: li.ID, StartAt: &from, Override: true, Reason: "so"})
	case 4:
		_, err = node.Unassign(ctx, who.System, j.ID, j.Version, "")
	case 5:
		_, _, err = s.f.crew.Announce(ctx, who.System, li.ID, dispatch.NewAbsence{StartsAt: from, EndsAt: from.Add(time.Hour), Reason: "training"})
	case 6:
		_, err = s.f.crew.Certify(ctx, who.System, li.ID, dispatch.NewCertification{
			SkillID: s.f.hvac.ID, Level: 1 + r.IntN(5), ValidFrom: monday.AddDate(0, 0, -9), ValidTo: from,
		})
	case 7:
		var held []dispatch.Certification
		if held, _, err = s.f.crew.Certifications(ctx, who.System, li.ID, uuid.Nil, 1); err == nil && len(held) > 0 {
			_, err = s.f.crew.Revoke(ctx, who.System, held[0].ID, held[0].Version, "lost")
		}
	case 8:
		hour := at("10:00").Add(time.Duration(r.IntN(4)) * 2 * time.Hour)
		to := hour.Add(2 * time.Hour)
		_, err = node.HoldSlot(ctx, who.System, j.ID, dispatch.Window{From: &hour, To: &to})
	default:
		day := from.AddDate(0, 0, 2+r.IntN(4))
		_, err = s.f.crew.Plan(ctx, who.System, li.ID, []dispatch.NewShift{{StartsAt: day, EndsAt: day.Add(3 * time.Hour)}})
	}
	return err
}
