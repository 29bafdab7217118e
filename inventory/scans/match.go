package scans

import (
	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// Kind is what sort of thing a scan names.
type Kind string

// The kinds of matches, in the order in which they are told.
const (
	KindUnit        Kind = "unit"
	KindPart        Kind = "part"
	KindLocation    Kind = "location"
	KindPartRequest Kind = "part_request"
	KindPartReturn  Kind = "part_return"
	KindShipment    Kind = "part_return_shipment"
	KindDelivery    Kind = "delivery"
	KindTransfer    Kind = "transfer"
	KindCount       Kind = "count"
	KindJob         Kind = "job"
)

// Match is one thing that a scan may mean.
type Match struct {
	Kind    Kind
	ID      uuid.UUID
	Number  string // as people know it: a part's number, a location's code, a unit's part and serial
	Name    string
	NameZh  string // in Chinese; "" where it has one name
	Status  string // of a request and the like; "" where there is none
	Where   []Place
	Actions []Action

	Withheld bool // of a unit, where it is: the actor counts there at this moment
}

// Place is where a match is, or some of it.
type Place struct {
	LocationID  uuid.UUID
	Code        string
	Name        string
	Kind        inventory.Kind
	Quantity    int
	Reserved    int  // of Quantity, for part requests
	Withheld    bool // the actor counts it at this moment: the figures are nought and mean nothing
	JobID       *uuid.UUID
	JobNumber   *string
	AssetID     *uuid.UUID // the customer's thing that a unit sits in
	AssetSerial *string
}

// called is what a place of a kind is called in both languages.
func called(k inventory.Kind, name string) (english, chinese string) {
	t := k.Called(name)
	return t.In(words.English), t.In(words.Chinese)
}

// Action is something that can be done next. Whether the actor's role may do it is the contract's to say.
type Action struct {
	Operation string               // as in the contract
	IDs       map[string]uuid.UUID // of its path, by parameter
	Version   int                  // what If-Match asks for; 0 where nothing is asked
	Title     words.Text
}
