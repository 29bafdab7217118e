package returns_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"

	"callout/evidence"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/inventory"
	"callout/inventory/returns"
	"callout/inventory/stocktest"
	"callout/inventory/uses"

	"github.com/google/uuid"
)

// owed is an old part that came out of a customer's thing, and the technician who has to bring it.
type owed struct {
	returns.Return

	tech who.Actor
	van  inventory.Location
}

// expect has a technician of his own use so many of a part, whose old ones have to come back.
func expect(h *stocktest.House, p inventory.Part, quantity int, oldSerial string) owed {
	h.Helper()
	tech, van := h.Technician(h.Outlet)
	return expectOf(h, tech, van, p, quantity, oldSerial, uses.WishReturn)
}

// expectOf has a technician use so many of a part out of his van, on a job of its own.
func expectOf(h *stocktest.House, tech who.Actor, van inventory.Location, p inventory.Part, quantity int, oldSerial string, wish uses.Wish) owed {
	h.Helper()
	u := uses.PartUse{PartID: p.ID, Quantity: quantity, OldSerial: oldSerial, OldPartWish: wish}
	if p.Serialized {
		u.NewSerial = stocktest.Fresh("N")
		h.Stock(van, p, 0, u.NewSerial)
	} else {
		h.Stock(van, p, quantity)
	}
	used, err := h.Uses.Use(h.Context(), tech, h.Job(h.Outlet, tech), u)
	h.Must(err)
	r, err := h.Returns.Find(h.Context(), tech, *used.ReturnID)
	h.Must(err)
	return owed{r, tech, van}
}

// photo is an announced photo of a job.
func photo(h *stocktest.House, job uuid.UUID, kind evidence.Kind) uuid.UUID {
	h.Helper()
	id := stocktest.NewID()
	h.Exec(`INSERT INTO photos (id, job_id, kind, status, sha256, size, taken_at, announced_by, created_at, updated_at)
		VALUES ($1, $2, $3, 'announced', decode(repeat('0a', 32), 'hex'), 1, now(), $1, now(), now())`, id, job, kind)
	return id
}

// collect has the technician take the old part along.
func collect(h *stocktest.House, o owed) owed {
	h.Helper()
	c := returns.Collection{PhotoIDs: []uuid.UUID{photo(h, *o.JobID, evidence.KindPart)}}
	if o.ExpectedSerial != nil {
		c.Serial = *o.ExpectedSerial
	}
	r, err := h.Returns.Collect(h.Context(), o.tech, o.ID, o.Version, c)
	h.Must(err)
	return owed{r, o.tech, o.van}
}

// at is what the clerk scans at the outlet's counter.
func at(h *stocktest.House, t returns.Thing) returns.Scan {
	return returns.Scan{WarehouseID: h.Warehouse.ID, Thing: t}
}

// unit is a serial of the part that is expected.
func unit(serial string) returns.Thing { return returns.Thing{Serial: serial} }

// someone is a user of the outlet who holds a role, and a row of users.
func someone(h *stocktest.House, role who.Role) who.Actor {
	h.Helper()
	id := stocktest.NewID()
	h.Exec(`INSERT INTO users (id, login, name, password_hash, roles, outlet_id, created_at, updated_at) VALUES ($1, gen_random_uuid()::text, 'U', 'x', ARRAY[$2], $3, now(), now())`,
		id, string(role), h.Outlet)
	return who.Actor{UserID: id, Roles: []who.Role{role}, OutletID: &h.Outlet}
}

// signature is the picture of one.
func signature(h *stocktest.House) []byte {
	h.Helper()
	img := image.NewGray(image.Rect(0, 0, 8, 2))
	img.Set(1, 1, color.White)
	var b bytes.Buffer
	h.Must(png.Encode(&b, img))
	return b.Bytes()
}

// traces counts what commands leave behind.
func traces(h *stocktest.House) int {
	h.Helper()
	return h.Count(`SELECT (SELECT count(*) FROM movements) + (SELECT count(*) FROM events) + (SELECT count(*) FROM unit_moves)
		+ (SELECT sum(version) FROM part_returns) + (SELECT count(*) FROM part_return_dispositions) + (SELECT count(*) FROM part_return_photos)
		+ (SELECT count(*) FROM part_return_shipments) + (SELECT count(*) FROM part_return_signatures)`)
}

// placeOf is the kind of place where a return has what came.
func placeOf(h *stocktest.House, id *uuid.UUID) inventory.Kind {
	h.Helper()
	if id == nil {
		return ""
	}
	loc, err := h.Ledger.Locate(h.Context(), *id)
	h.Must(err)
	return loc.Kind
}

// text is what a statement reads.
func text(h *stocktest.House, q string, args ...any) string {
	h.Helper()
	s, err := pg.One[string](h.Context(), h.DB, q, args...)
	h.Must(err)
	return s
}

// matched is a return that came as it should, and lies in the place for defective parts.
func matched(h *stocktest.House, p inventory.Part, serial string) returns.Return {
	h.Helper()
	o := expect(h, p, 1, serial)
	r, err := h.Returns.Receive(h.Context(), h.Clerk, o.ID, o.Version, at(h, returns.Thing{Serial: serial}))
	h.Must(err)
	return r
}
