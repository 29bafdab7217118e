package api

import (
	"time"

	"callout/internal/words"
	"callout/inventory"

	"github.com/google/uuid"
)

// paperEntry is one thing that happened to a paper of the warehouse.
type paperEntry struct {
	At      time.Time  `json:"at"`
	Kind    string     `json:"kind"`
	ActorID *uuid.UUID `json:"actor_id"`
	Actor   *string    `json:"actor"`
	Text    string     `json:"text"`
}

func wirePaperEntry(lang words.Language) func(inventory.Happening) paperEntry {
	return func(h inventory.Happening) paperEntry {
		w := paperEntry{At: h.At, Kind: h.Kind, ActorID: h.ActorID, Text: h.Text.In(lang)}
		if h.Actor != "" {
			w.Actor = &h.Actor
		}
		return w
	}
}
