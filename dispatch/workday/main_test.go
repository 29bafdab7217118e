package workday_test

import (
	"flag"
	"os"
	"testing"
)

// A day has many corners: a hundred draws do not see them all.
func TestMain(m *testing.M) {
	_ = flag.Set("rapid.checks", "2000")
	os.Exit(m.Run())
}
