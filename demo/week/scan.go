package week

import (
	"callout/inventory"
	"callout/inventory/gs1"

	"github.com/google/uuid"
)

// scanned is so much of a part as the scanner reads it: units by their labels, the rest by part and number.
func (w *week) scanned(part uuid.UUID, quantity int, serials []string) inventory.Line {
	p := w.ids[part]
	if !p.Serialized {
		return inventory.Line{PartID: part, Quantity: quantity}
	}
	line := inventory.Line{PartID: part}
	for _, s := range serials {
		line.Scans = append(line.Scans, gs1.UnitLabel(p.Number, s))
	}
	return line
}
