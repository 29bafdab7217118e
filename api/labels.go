package api

import (
	"bytes"
	"cmp"
	"io"
	"time"

	"callout/inventory/labels"
	"callout/inventory/scans"

	"github.com/google/uuid"
)

func (s *Server) printLabels(k *call) (answer, error) {
	var body struct {
		Sheet     labels.Sheet     `json:"sheet"`
		Start     int              `json:"start"`
		Symbology labels.Symbology `json:"symbology"`
		Items     []struct {
			PartID     *uuid.UUID `json:"part_id"`
			Serial     string     `json:"serial"`
			UnitID     *uuid.UUID `json:"unit_id"`
			LocationID *uuid.UUID `json:"location_id"`
			Copies     int        `json:"copies"`
		} `json:"items"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	tags := make([]scans.Tag, len(body.Items))
	for i, item := range body.Items {
		tags[i] = scans.Tag(item)
	}
	all, err := s.Scanner.Labels(k.ctx, k.by, tags)
	if err != nil {
		return answer{}, err
	}
	pdf, err := labels.Print(labels.Order{
		Sheet: body.Sheet, Start: cmp.Or(body.Start, 1), Symbology: cmp.Or(body.Symbology, labels.SymbologyBoth), Labels: all, At: time.Now(),
	})
	if err != nil {
		return answer{}, err
	}
	return download("application/pdf", int64(len(pdf)), io.NopCloser(bytes.NewReader(pdf))).
		with("Content-Disposition", `attachment; filename="labels.pdf"`), nil
}
