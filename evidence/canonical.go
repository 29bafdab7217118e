package evidence

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/gowebpki/jcs"
)

// canonical is the one form of v that is hashed and signed (RFC 8785).
func canonical(v any) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	if b, err = jcs.Transform(b); err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	return b, nil
}

// isCanonical says whether b is JSON in its one canonical form: members in order, none twice, no
// space, each number and character written the one way.
func isCanonical(b []byte) bool {
	again, err := jcs.Transform(b)
	return err == nil && bytes.Equal(b, again)
}

// readCanonical reads canonical b into v and says whether v says all that b says, and nothing
// else: the standard decoder alone takes "Score" for score and forgives members that are absent
// or there twice.
func readCanonical(b []byte, v any) bool {
	if json.Unmarshal(b, v) != nil {
		return false
	}
	again, err := canonical(v)
	return err == nil && bytes.Equal(b, again)
}
