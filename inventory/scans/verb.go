package scans

import (
	"callout/internal/words"

	"github.com/google/uuid"
)

// Verb is an action with a kind of thing.
type Verb struct {
	Operation string // in the contract
	Parameter string // of its path or query that takes the thing's id; "" where it has none
	Title     string // an English format that takes the thing's number
}

// verbs are all there are, for Verbs.
var verbs []Verb

// Verbs lists every verb that a scan may offer, to be held against the contract.
func Verbs() []Verb { return verbs }

func offer(operation, parameter, title string) Verb {
	v := Verb{operation, parameter, title}
	verbs = append(verbs, v)
	return v
}

// on is the verb as an action with one thing.
func (v Verb) on(id uuid.UUID, version int, number string) Action {
	a := Action{Operation: v.Operation, Version: version, Title: words.Say(v.Title, number)}
	if v.Parameter != "" {
		a.IDs = map[string]uuid.UUID{v.Parameter: id}
	}
	return a
}

// What is done with units, parts and places.
var (
	issue      = offer("issuePartRequest", "part_request_id", "hand it out for part request %s")
	receive    = offer("receivePartRequest", "part_request_id", "receive it for part request %s")
	countInto  = offer("scanIntoCount", "count_id", "count it into count %s")
	use        = offer("usePart", "job_id", "use it on job %s")
	moveUnit   = offer("transferStock", "", "move unit %s to another place")
	sendUnit   = offer("sendTransfer", "", "send unit %s to another place")
	release    = offer("releaseHeldStock", "", "decide what becomes of held unit %s")
	seeUnit    = offer("getUnit", "unit_id", "see where %s has been")
	movePart   = offer("transferStock", "", "move part %s to another place")
	sendPart   = offer("sendTransfer", "", "send part %s to another place")
	askFor     = offer("requestParts", "", "ask for part %s")
	announce   = offer("announceDelivery", "", "announce a delivery of part %s")
	takeIn     = offer("receiveStock", "", "book opening stock of part %s")
	clearPart  = offer("releaseHeldStock", "", "decide what becomes of what is held of part %s")
	seeHeld    = offer("listHeldStock", "part_id", "see what is held of part %s and why")
	seeStock   = offer("listStock", "part_id", "see the stock of part %s")
	seePart    = offer("getPart", "part_id", "see part %s")
	announceTo = offer("announceDelivery", "", "announce a delivery to %s")
	deliverTo  = offer("receiveStock", "", "book opening stock into %s")
	clearPlace = offer("releaseHeldStock", "", "decide what becomes of what is held in %s")
	seeHeldIn  = offer("listHeldStock", "location_id", "see what is held in %s and why")
	moveFrom   = offer("transferStock", "", "move parts to or from %s")
	openCount  = offer("openCount", "", "count what is in %s")
	seeInside  = offer("listStock", "location_id", "see what is in %s")
	seeUnits   = offer("listUnits", "location_id", "see the units in %s")
	seePlace   = offer("getLocation", "location_id", "see place %s")
)
