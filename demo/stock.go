package demo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"
)

// Place is a location of stock: an outlet's warehouse or a technician's van.
type Place struct {
	Code   string
	Name   string
	NameZh string
	Kind   string     // warehouse or van
	Outlet string     // code
	At     *orb.Point // where people drive to; nil for a van
	Holds  []Holding
}

// Holding is what a place holds of a part when the day begins.
type Holding struct {
	Part     string // number
	Quantity int
	Serials  []string // as many as Quantity where the part has serials, else none
}

// Stock lists a warehouse for each outlet and a van for each technician, with what is in them.
// A van carries what its technician's certificates are for; no serial number stands twice.
func Stock(outlets []Outlet, roster []Technician) []Place {
	var all []Place
	for _, o := range outlets {
		center := o.Territory.Center()
		p := Place{
			Code: "WH-" + o.Code, Name: o.Name + " warehouse (made up)", NameZh: o.NameZh + "仓库（虚构）",
			Kind: "warehouse", Outlet: o.Code, At: &center,
		}
		for _, part := range Parts() {
			p.hold(part, 12+draw(30, "stock", part.Number, o.Code))
		}
		all = append(all, p)
	}
	for _, t := range roster {
		p := Place{
			Code: t.Van, Name: "Van of " + t.Name, NameZh: t.NameZh + "的服务车",
			Kind: "van", Outlet: t.Outlet,
		}
		for _, part := range Parts() {
			// About one van in nine has run out of a part that it should carry.
			if n := draw(9, "carries", part.Number, t.Code); n > 0 && t.needs(part.Number) {
				p.hold(part, 1+n/2)
			}
		}
		all = append(all, p)
	}
	return all
}

func (p *Place) hold(part Part, quantity int) {
	h := Holding{Part: part.Number, Quantity: quantity}
	_, place, _ := strings.Cut(p.Code, "-")
	for i := range quantity {
		if part.Serialized {
			h.Serials = append(h.Serials, fmt.Sprintf("%s-%s-%03d", Mark(part.Number), place, i+1))
		}
	}
	p.Holds = append(p.Holds, h)
}

// Bin is a shelf of every warehouse, with the ranges of parts that lie there.
type Bin struct {
	Code   string // of the bin of a warehouse: BIN-R01-A
	Name   string
	Ranges []string // what the numbers of its parts begin with
}

// Bins lists the shelves of a warehouse.
func Bins(outlet string) []Bin {
	return []Bin{
		{"BIN-" + outlet + "-A", "Shelf A: lighting", []string{"SL"}},
		{"BIN-" + outlet + "-B", "Shelf B: water", []string{"WA"}},
		{"BIN-" + outlet + "-C", "Shelf C: all else", []string{"GR", "AP", "GE"}},
	}
}

// Keeps says whether a part lies on the shelf.
func (b Bin) Keeps(number string) bool { return slices.Contains(b.Ranges, number[:2]) }

// A van that holds fewer of a part than fewest is filled up to full.
const fewest, full = 2, 6

// kit says what certificate a part of each range is for; bags are for everybody.
var kit = map[string]string{"SL": "streetlight", "WA": "water", "GR": "graffiti", "AP": "appliance"}

// needs says whether the technician's work uses a part.
func (t Technician) needs(number string) bool {
	skill, special := kit[number[:2]]
	return !special || slices.ContainsFunc(t.Certificates, func(c Certificate) bool { return c.Skill == skill })
}
