package returns

import (
	"callout/inventory"
)

// Discrepancy is what is wrong with an old part that came back.
type Discrepancy string

// The discrepancies, the gravest first.
const (
	DiscrepancyMissing         Discrepancy = "missing" // nothing came, or less than was expected
	DiscrepancyOtherPart       Discrepancy = "other_part"
	DiscrepancyInStock         Discrepancy = "in_stock"         // the books have it as good stock somewhere
	DiscrepancyAlreadyReturned Discrepancy = "already_returned" // it came back once before
	DiscrepancyNeverIssued     Discrepancy = "never_issued"     // another serial, which the books never heard of
	DiscrepancyOtherSerial     Discrepancy = "other_serial"     // another one, which the books know from a customer
	DiscrepancyNotExpected     Discrepancy = "not_expected"     // nobody announced it
	DiscrepancyDamaged         Discrepancy = "damaged"
)

// judge says what is wrong with what came, the gravest thing first; "" where it matches. at is the
// kind of place where the books have the unit that came, "" where they do not know it.
func judge(r Return, came inventory.Counted, at inventory.Kind, damaged bool) Discrepancy {
	another := came.Part.Serialized && r.ExpectedSerial != nil && (len(came.Serials) == 0 || came.Serials[0] != *r.ExpectedSerial)
	switch {
	case r.UseID != nil && came.Part.ID != r.PartID:
		return DiscrepancyOtherPart
	case at == inventory.KindWarehouse || at == inventory.KindBin || at == inventory.KindOutlet || at == inventory.KindVan || at == inventory.KindTransit:
		return DiscrepancyInStock
	case at == inventory.KindDefective || at == inventory.KindQuarantine || at == inventory.KindVendorRepair || at == inventory.KindScrap || at == inventory.KindSupplier:
		return DiscrepancyAlreadyReturned
	case r.UseID == nil:
		return DiscrepancyNotExpected
	case another && at == "":
		return DiscrepancyNeverIssued
	case another:
		return DiscrepancyOtherSerial
	case came.Quantity < r.Quantity:
		return DiscrepancyMissing
	case damaged:
		return DiscrepancyDamaged
	}
	return ""
}

// isIt says whether what came is what was expected, or some of it, whatever state it is in.
func (r Return) isIt() bool {
	return r.UseID != nil && r.MovementID != nil && r.ReceivedPartID != nil && *r.ReceivedPartID == r.PartID &&
		(r.ExpectedSerial == nil || (r.ReceivedSerial != nil && *r.ReceivedSerial == *r.ExpectedSerial))
}
