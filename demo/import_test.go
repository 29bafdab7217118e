package demo_test

import (
	"log/slog"
	"testing"
	"time"

	"callout/demo"
	"callout/dispatch"
	"callout/house"
	"callout/importer"
	"callout/internal/pg"
	"callout/internal/pgtest"
	"callout/internal/who"
	"callout/inventory"
)

func TestImportLosesNoRequest(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, s := range demo.Skills() {
		if _, err := h.Network.OpenSkill(t.Context(), who.System, dispatch.NewSkill{Code: s.Code, Name: s.Name}); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range demo.Parts() {
		if _, err := h.Ledger.OpenPart(t.Context(), who.System, inventory.Part{Number: p.Number, Name: p.Name, Serialized: p.Serialized}); err != nil {
			t.Fatal(err)
		}
	}
	m, err := demo.Mapping(importer.Words())
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	for run, want := range []importer.Report{{Read: 7649, Added: 7649}, {Read: 7649, There: 7649}} {
		var sum importer.Report
		for _, file := range []string{demo.FirstFile, demo.SecondFile} {
			in, err := demo.Files().Open(file)
			if err != nil {
				t.Fatal(err)
			}
			r, err := importer.Load(t.Context(), doors(h), m, in, importer.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, refused := range r.Refusals {
				t.Errorf("line %d of %s: %v", refused.Line, file, refused.Reasons)
			}
			sum.Read, sum.Added, sum.There, sum.Refused = sum.Read+r.Read, sum.Added+r.Added, sum.There+r.There, sum.Refused+r.Refused
		}
		if sum.Read != want.Read || sum.Added != want.Added || sum.There != want.There || sum.Refused != 0 {
			t.Errorf("run %d: %+v", run+1, sum)
		}
		t.Logf("run %d after %v", run+1, time.Since(begun))
	}
	for table, want := range map[string]int{"jobs": 7649, "cases": 7649, "customers": 6059, "sites": 6059} {
		n, err := pg.One[int](t.Context(), h.DB, `SELECT count(*) FROM `+table)
		if err != nil || n != want {
			t.Errorf("%d %s, want %d, %v", n, table, want, err)
		}
	}
}

// open opens a house on a database of its own.
func open(t *testing.T) *house.House {
	t.Helper()
	h, err := house.Open(t.Context(), house.Options{DatabaseURL: pgtest.URL(t), Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	return h
}

func doors(h *house.House) importer.Doors {
	return importer.Doors{Register: h.Register, Desk: h.Desk, Board: h.Board, Ledger: h.Ledger, InTx: h.DB.InTx}
}
