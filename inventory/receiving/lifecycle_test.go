package receiving

import (
	"testing"

	"callout/internal/drawn"
)

func TestLivesAreAsDrawn(t *testing.T) {
	t.Parallel()
	drawn.Same(t, drawn.Read(t, "../README.md", "The life of a delivery"), nextOf)
	drawn.Same(t, drawn.Read(t, "../README.md", "The life of a transfer"), nextOfTransfer)
}
