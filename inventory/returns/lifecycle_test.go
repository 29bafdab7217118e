package returns

import (
	"testing"

	"callout/internal/drawn"
)

func TestLifeIsAsDrawn(t *testing.T) {
	t.Parallel()
	drawn.Same(t, drawn.Read(t, "../README.md", "The life of a part return"), next)
}
