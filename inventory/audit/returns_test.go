package audit_test

import (
	"testing"
	"time"

	"callout/internal/who"
	"callout/inventory/audit"
	"callout/inventory/uses"
)

// What is owed back stands beside what was used, whoever asks and however he asks; also of somebody
// who has no van any more.
func TestOpenReturnsStandInTheRows(t *testing.T) {
	t.Parallel()
	l := open(t)
	p := l.Part("sr")
	tech, van := l.techs[0], l.places[1]
	job := l.Job(l.Outlet, tech)
	l.Stock(van, p, 0, "N1", "N2", "N3")
	for i, serial := range []string{"N1", "N2", "N3"} {
		wish := uses.WishReturn
		if i == 2 {
			wish = uses.WishKeeps
		}
		_, err := l.Uses.Use(t.Context(), tech, job, uses.PartUse{PartID: p.ID, Quantity: 1, NewSerial: serial, OldSerial: "O" + serial, OldPartWish: wish})
		l.Must(err)
	}
	l.Exec(`UPDATE part_returns SET created_at = now() - interval '75 hours', due_at = now() - interval '1 hour' WHERE expected_serial = 'ON1'`)
	for _, tt := range []struct {
		by  who.Actor
		how audit.By
	}{{tech, audit.ByTechnician}, {l.Clerk, audit.ByOutlet}, {who.System, audit.ByPart}, {l.Clerk, audit.ByLocation}} {
		r := l.reconcile(tt.by, audit.Query{By: tt.how, PartID: &p.ID})
		found := 0
		for _, row := range r.Rows {
			if row.OpenReturns == 0 {
				continue
			}
			found++
			if row.OpenReturns != 2 || row.OverdueReturns != 1 || row.OldestReturnAge != 3 || row.Attention() != audit.AttentionOverdue || row.Used != 3 {
				t.Errorf("by %s: %+v", tt.how, row)
			}
		}
		if found != 1 || r.Rows[0].OpenReturns != 2 || r.Totals[0].OverdueReturns != 1 || !r.Sound() {
			t.Errorf("by %s: %d rows with returns: %+v", tt.how, found, r.Rows)
		}
	}
	l.Exec(`UPDATE technicians SET van_id = NULL WHERE id = $1`, *tech.TechnicianID)
	r := l.reconcile(l.Clerk, audit.Query{By: audit.ByTechnician, PartID: &p.ID, From: time.Now().Add(-time.Hour)})
	if len(r.Rows) != 2 || r.Rows[0].OpenReturns != 2 || *r.Rows[0].HolderID != *tech.TechnicianID || r.Rows[0].Closing != 0 || r.Rows[0].Used != 0 {
		t.Errorf("after he gave his van back: %+v", r.Rows)
	}
	if r.Rows[1].Used != 3 || *r.Rows[1].HolderID != van.ID || r.Rows[1].HolderKind != "van" {
		t.Errorf("the van that nobody drives: %+v", r.Rows[1])
	}
}
