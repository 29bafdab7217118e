package labels

import (
	"callout/inventory/gs1"
)

// Label is what stands on one label. OfPart, OfLocation and OfUnit fill it.
type Label struct {
	Title  string // the number or the code, in large
	NameZh string
	Name   string
	Serial string // "" but on a unit's
	Link   string // what the QR code says
	Bars   string // what the Code 128 says; in GS1-128 without FNC1
	GS1    bool   // the bars are GS1-128
	Read   string // what the bars say, for people
	Copies int
}

// OfPart is the label of a part, as for the shelf where it lies.
func OfPart(number, name, nameZh string) Label {
	code := gs1.PartLabel(number)
	return Label{Title: number, Name: name, NameZh: nameZh, Link: code, Bars: code, Read: code, Copies: 1}
}

// OfLocation is the label of a warehouse, a bin or a van. Without a Chinese name it has one name.
func OfLocation(code, name, nameZh string) Label {
	says := gs1.LocationLabel(code)
	return Label{Title: code, Name: name, NameZh: nameZh, Link: says, Bars: says, Read: says, Copies: 1}
}

// OfUnit is the label of one unit. Where its part has a GTIN and GS1 can say the serial, anybody's
// scanner reads it; otherwise it is a label of the house.
func OfUnit(number, name, nameZh, gtin, serial string) Label {
	code := gs1.UnitLabel(number, serial)
	l := Label{Title: number, Name: name, NameZh: nameZh, Serial: serial, Link: code, Bars: code, Read: code, Copies: 1}
	link, err := gs1.DigitalLink(gtin, serial)
	if err != nil {
		return l
	}
	if bars, err := gs1.ElementString(gtin, serial); err == nil {
		l.Link, l.Bars, l.GS1 = link, bars, true
		l.Read = "(01)" + bars[2:16] + "(21)" + serial
	}
	return l
}
