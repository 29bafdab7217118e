package importer

import (
	"time"

	"callout/internal/words"

	"github.com/paulmach/orb"
)

// Key names a request for good: the system it comes from and its id there. A second import
// of the same key adds nothing.
type Key struct {
	Source string
	ID     string
}

// Record is one accepted row: a request, whom and where it serves, and the job that it asks for.
type Record struct {
	Line     int // where the row starts in the file, from 1
	Lines    int // how many lines of the file it covers
	Key      Key
	Customer Customer
	Site     Site
	Case     Case
	Product  *Product // nil where the row names none
	Asset    *Asset   // nil where the row names none
	Job      Job
}

// Customer is who asks. Rows with the same ExternalID are the same customer.
type Customer struct {
	ExternalID string
	Name       string
	Phone      string // as it stands in the file
	Email      string
}

// Site is where the work is. Rows with the same ExternalID are the same site.
type Site struct {
	ExternalID string
	Name       string
	Address    string
	Notes      string
	Point      orb.Point // WGS-84, longitude first
	Zone       string    // IANA
}

// Case is what was asked, how and when.
type Case struct {
	Channel     string
	Type        string
	Severity    string
	Priority    string
	Description string
	ReceivedAt  time.Time // UTC
}

// Product is what the request is about.
type Product struct {
	Code string
	Name string
}

// Asset is the very unit that the request is about. It is named only together with a product.
type Asset struct {
	Serial          string
	PurchasedOn     *time.Time // midnight UTC of the day of purchase
	PurchaseChannel string
	WarrantyMonths  *int
}

// Job is the visit that the request asks for.
type Job struct {
	Title    string
	Duration time.Duration
	Skills   []Skill
	Photos   []Photo
	Parts    []Part
	Window   *Window    // nil: any time
	Due      *time.Time // nil: policy says
}

// Window is when the customer can receive the visit, in UTC.
type Window struct {
	From time.Time
	To   time.Time
}

// Skill is one that the visit needs, and the lowest level of it, 1 to 5.
type Skill struct {
	Code  string
	Level int
}

// Photo is how many pictures of a kind must be there before the job closes.
type Photo struct {
	Kind  string
	Count int
}

// Part is how many of a part the visit needs.
type Part struct {
	Number   string
	Quantity int
}

// Refusal is a row that is not taken, with every reason.
type Refusal struct {
	Line    int    // where the row starts, from 1
	Lines   int    // how many lines of the file it covers
	ID      string // the request's id, where it could be read
	Reasons []words.Text
}

// Row is one row of a file: either a Record or a Refusal, and the other is nil.
type Row struct {
	Record  *Record
	Refusal *Refusal
}

// Tally counts the rows of a file. Read is always Accepted plus Refused.
type Tally struct {
	Read     int
	Accepted int
	Refused  int
	Blank    int // empty lines, which are no rows
}
