package main

import (
	"fmt"
	"os"
	"strings"
)

// draw draws the means of the sets beside VROOM's as bars, for light and dark screens.
func draw(path string, sets []set) error {
	const width, left, row, top = 860, 130, 46, 64
	most := 0.0
	for _, s := range sets {
		most = max(most, s.mean, s.vroom)
	}
	var b strings.Builder
	put := func(format string, args ...any) { _, _ = fmt.Fprintf(&b, format+"\n", args...) }
	height := top + row*len(sets) + 30
	put(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" font-family="system-ui,sans-serif" font-size="13">`, width, height, width, height)
	put(`<title>Callout and VROOM</title><style>.page{fill:#fff}.ink{fill:#1b1f24}.soft{fill:#59636e}.us{fill:#1a7f5a}.them{fill:#b6bec8}` +
		`@media (prefers-color-scheme:dark){.page{fill:#0d1117}.ink{fill:#e6edf3}.soft{fill:#9198a1}.us{fill:#3fb88a}.them{fill:#4a525c}}</style>`)
	put(`<rect width="%d" height="%d" class="page"/>`, width, height)
	put(`<text x="16" y="26" font-size="16" class="ink">Gap to the best known, and priorities missed on days of field service: less is better</text>`)
	put(`<rect x="16" y="38" width="12" height="12" class="us"/><text x="34" y="49" class="ink">Callout</text>`)
	put(`<rect x="110" y="38" width="12" height="12" class="them"/><text x="128" y="49" class="ink">VROOM</text>`)
	bar := func(y int, percent float64, class string) {
		long := percent / most * (width - left - 90)
		put(`<rect x="%d" y="%d" width="%.1f" height="15" class="%s"/><text x="%.1f" y="%d" class="soft">%.2f %%</text>`, left, y, max(long, 1), class, left+max(long, 1)+6, y+12, percent)
	}
	for i, s := range sets {
		y := top + row*i
		put(`<text x="16" y="%d" class="ink">%s</text><text x="16" y="%d" font-size="11" class="soft">%g CPU-s</text>`, y+16, s.name, y+31, s.budget)
		bar(y+2, s.mean, "us")
		bar(y+19, s.vroom, "them")
	}
	put(`</svg>`)
	return os.WriteFile(path, []byte(b.String()), 0o644) //nolint:gosec // a picture for the README, for everybody to read
}
