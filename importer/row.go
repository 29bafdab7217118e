package importer

import (
	"slices"
	"strings"
	"time"

	"callout/internal/words"
)

// row is a row of the file while it becomes a Record.
type row struct {
	builder
	at    map[string]int
	cells []string
	found map[string]map[string]string // by lookup
	kind  layer                        // of the row's type
	lost  []string                     // the lookups that do not know the row's code

	typeless bool // the row's type is unknown, and refused
}

// follows says whether a text hangs on a lookup that failed: what is wrong with it is then no
// reason of its own.
func (r *row) follows(t template) bool {
	return slices.ContainsFunc(t.parts, func(p part) bool { return p.lookup != "" && slices.Contains(r.lost, p.lookup) })
}

// typed says whether a type of the mapping fills a field.
func (m *Mapping) typed(path string) bool {
	for _, l := range m.types {
		if _, there := l[path]; there {
			return true
		}
	}
	return false
}

// pick finds the row's type and everything that its codes look up.
func (r *row) pick() {
	for _, name := range r.m.ordered {
		l := r.m.lookups[name]
		code := l.key.fill(r)
		texts, ok := l.find(code)
		if !ok {
			r.reasons = append(r.reasons, words.Say("lookup %s does not know %q", name, code))
			r.lost = append(r.lost, name)
		}
		r.found[name] = texts
	}
	if r.m.types == nil {
		return
	}
	code := r.m.typeKey.fill(r)
	kind, known := r.m.types[code]
	r.typeless = !known && r.m.typeMust
	if r.typeless && !r.follows(r.m.typeKey) {
		r.reasons = append(r.reasons, words.Say("there is no type %q", code))
	}
	r.kind = kind
}

// value is what a placeholder stands for in this row.
func (r *row) value(p part) string {
	if p.lookup != "" {
		return r.found[p.lookup][p.column]
	}
	return strings.TrimSpace(r.cells[r.at[p.column]])
}

// get is the value of a field: what the columns say, else the type, else the default.
func (r *row) get(d field) any {
	for n, l := range []layer{r.m.fields, r.kind, r.m.defaults} {
		e, there := l[d.path]
		if (n == 1 && r.typeless && r.m.typed(d.path)) || (there && r.follows(e.text)) {
			r.unknown = append(r.unknown, d.path)
			return nil
		}
		if !there {
			continue
		}
		if e.names != nil {
			return e.names
		}
		if text := e.text.fill(r); text != "" {
			return r.read(d, text)
		}
	}
	return r.read(d, "")
}

// record fills a Record field by field; it is of use only where no reason was found.
func (r *row) record() Record {
	v := map[string]any{}
	for _, d := range fields {
		v[d.path] = r.get(d)
	}
	text := func(path string) string { s, _ := v[path].(string); return s }
	moment := func(path string) *time.Time {
		if t, ok := v[path].(time.Time); ok {
			return &t
		}
		return nil
	}
	rec := Record{
		Key:      Key{Source: r.m.source, ID: text("external_id")},
		Customer: Customer{text("customer.external_id"), text("customer.name"), text("customer.phone"), text("customer.email")},
		Site: Site{
			ExternalID: text("site.external_id"), Name: text("site.name"), Address: text("site.address"),
			Notes: text("site.notes"), Zone: r.m.zone.String(),
			Point: r.point(v["site.point.lat"], v["site.point.lng"]),
		},
		Case: Case{
			Channel: text("case.channel"), Type: text("case.type"), Severity: text("case.severity"),
			Priority: text("case.priority"), Description: text("case.description"),
		},
		Job: Job{Title: text("job.title"), Due: moment("job.due")},
	}
	if t := moment("case.received_at"); t != nil {
		rec.Case.ReceivedAt = *t
	}
	rec.Job.Duration, _ = v["job.duration"].(time.Duration)
	rec.Product, rec.Asset = r.product(text, moment("asset.purchased_on"), v["asset.warranty_months"])
	rec.Job.Window = r.window(moment("job.window.from"), moment("job.window.to"))
	rec.Job.needs(v)
	return rec
}

func (r *row) product(text func(string) string, bought *time.Time, warranty any) (*Product, *Asset) {
	var p *Product
	var a *Asset
	if text("product.code") != "" {
		p = &Product{text("product.code"), text("product.name")}
	}
	if serial := text("asset.serial"); serial != "" {
		a = &Asset{Serial: serial, PurchasedOn: bought, PurchaseChannel: text("asset.purchase_channel")}
		if n, ok := warranty.(int); ok {
			a.WarrantyMonths = &n
		}
		if p == nil && !r.isBad("product.code") {
			r.badAt("asset.serial", "a serial number needs a product")
		}
	}
	return p, a
}

func (r *row) window(from, to *time.Time) *Window {
	if from == nil && to == nil || r.isBad("job.window") {
		return nil
	}
	if from == nil || to == nil || !from.Before(*to) {
		r.badAt("job.window", "must have a beginning and a later end")
		return nil
	}
	return &Window{*from, *to}
}

// needs fills the lists of what the visit needs.
func (j *Job) needs(v map[string]any) {
	list := func(path string) []named { all, _ := v[path].([]named); return all }
	for _, n := range list("job.skills") {
		j.Skills = append(j.Skills, Skill{n.name, n.number})
	}
	for _, n := range list("job.photos") {
		j.Photos = append(j.Photos, Photo{n.name, n.number})
	}
	for _, n := range list("job.parts") {
		j.Parts = append(j.Parts, Part{n.name, n.number})
	}
}
