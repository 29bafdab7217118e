package registry

import "callout/internal/who"

// booked are the jobs that are booked to a technician.
const booked = "FROM jobs j JOIN bookings b ON b.job_id = j.id WHERE b.active AND b.technician_id = ?"

// customerScope is the condition on customers whom by may see: a technician those of his jobs,
// an outlet those whom it recorded and those with a site in its care.
func customerScope(by who.Actor) (string, []any) {
	switch {
	case by.OnlyTechnician():
		return "customers.id IN (SELECT j.customer_id " + booked + ")", []any{by.TechnicianID}
	case by.OutletID != nil:
		return "(customers.outlet_id = ? OR EXISTS (SELECT FROM sites s WHERE s.customer_id = customers.id AND s.outlet_id = ?))",
			[]any{by.OutletID, by.OutletID}
	}
	return "TRUE", nil
}

// siteScope is the condition on sites that by may see.
func siteScope(by who.Actor) (string, []any) {
	switch {
	case by.OnlyTechnician():
		return "sites.id IN (SELECT j.site_id " + booked + ")", []any{by.TechnicianID}
	case by.OutletID != nil:
		return "sites.outlet_id = ?", []any{by.OutletID}
	}
	return "TRUE", nil
}
