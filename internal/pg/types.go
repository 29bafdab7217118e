package pg

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/paulmach/orb"
)

// Point is a WGS-84 position in a column of Postgres's type point: x is the longitude.
type Point orb.Point

// Orb is the point as the geometry library has it.
func (p Point) Orb() orb.Point { return orb.Point(p) }

// Lng is the longitude in degrees.
func (p Point) Lng() float64 { return p[0] }

// Lat is the latitude in degrees.
func (p Point) Lat() float64 { return p[1] }

// Value is the point as Postgres writes it.
func (p Point) Value() (driver.Value, error) { return fmt.Sprintf("(%v,%v)", p[0], p[1]), nil }

// Scan reads a point as Postgres writes it.
func (p *Point) Scan(src any) error {
	var v pgtype.Point
	if err := v.Scan(src); err != nil {
		return fmt.Errorf("read point: %w", err)
	}
	*p = Point{v.P.X, v.P.Y}
	return nil
}

// JSON is a value in a jsonb column.
type JSON[T any] struct{ V T }

// Value is the JSON text.
func (j JSON[T]) Value() (driver.Value, error) {
	b, err := json.Marshal(j.V)
	return string(b), err
}

// Scan reads JSON text; a null is the zero value.
func (j *JSON[T]) Scan(src any) error {
	switch s := src.(type) {
	case nil:
		return nil
	case []byte:
		return json.Unmarshal(s, &j.V)
	case string:
		return json.Unmarshal([]byte(s), &j.V)
	}
	return fmt.Errorf("read JSON from %T", src)
}

// Strings is a text[] column of words.
type Strings[T ~string] []T

// Value is the array literal.
func (l Strings[T]) Value() (driver.Value, error) {
	plain := make([]string, len(l))
	for i, s := range l {
		plain[i] = string(s)
	}
	return arrayLiteral(plain)
}

// Scan reads an array; a null is empty.
func (l *Strings[T]) Scan(src any) error {
	var plain []string
	err := readArray(pgtype.TextArrayOID, src, &plain)
	*l = make(Strings[T], len(plain))
	for i, s := range plain {
		(*l)[i] = T(s)
	}
	return err
}

// IDs is a uuid[] column.
type IDs []uuid.UUID

// Value is the array literal.
func (l IDs) Value() (driver.Value, error) {
	plain := make([]string, len(l))
	for i, id := range l {
		plain[i] = id.String()
	}
	return arrayLiteral(plain)
}

// Scan reads an array; a null is empty.
func (l *IDs) Scan(src any) error {
	var plain [][16]byte
	err := readArray(pgtype.UUIDArrayOID, src, &plain)
	*l = make(IDs, len(plain))
	for i, id := range plain {
		(*l)[i] = id
	}
	return err
}

// literals knows the text and the binary form of arrays.
var literals = sync.OnceValue(pgtype.NewMap)

func arrayLiteral(plain []string) (driver.Value, error) {
	b, err := literals().Encode(pgtype.TextArrayOID, pgtype.TextFormatCode, plain, nil)
	return string(b), err
}

// readArray reads what database/sql (text) or pgx (binary) hands to a Scanner.
func readArray[T any](oid uint32, src any, into *[]T) error {
	switch s := src.(type) {
	case nil:
		return nil
	case string:
		return literals().Scan(oid, pgtype.TextFormatCode, []byte(s), into)
	case []byte:
		if len(s) > 0 && s[0] == '{' {
			return literals().Scan(oid, pgtype.TextFormatCode, s, into)
		}
		return literals().Scan(oid, pgtype.BinaryFormatCode, s, into)
	}
	return fmt.Errorf("read array from %T", src)
}
