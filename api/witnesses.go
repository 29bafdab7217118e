package api

import (
	"callout/inventory"

	"github.com/google/uuid"
)

func (s *Server) witnessesHandlers() map[string]handler {
	return map[string]handler{"listWitnesses": s.listWitnesses}
}

type witness struct {
	ID    uuid.UUID `json:"id"`
	Name  string    `json:"name"`
	Roles []string  `json:"roles"`
}

func (s *Server) listWitnesses(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	page, next, err := s.Ledger.Witnesses(k.ctx, k.by, after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, page, further(next), func(w inventory.Witness) witness { return witness(w) })
}
