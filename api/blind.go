package api

import "github.com/google/uuid"

// counting is why something is withheld: the caller counts it at this moment.
const counting = "counting"

// withheld says why a figure or a place is not told, and is null where it is.
func withheld(hidden bool) *string {
	if !hidden {
		return nil
	}
	return new(counting)
}

// listedBlindly answers one page that leaves out what the caller counts at this moment, of a place and a part
// (nil is all of them), and says so. It does whether or not there is any: that too is what he is to find out.
func listedBlindly[D, W any](s *Server, k *call, items []D, next uuid.UUID, wire func(D) W, location, part *uuid.UUID) (answer, error) {
	a, err := listed(k, items, further(next), wire)
	if err != nil {
		return answer{}, err
	}
	blind, err := s.Ledger.Blind(k.ctx, k.by)
	if err != nil {
		return answer{}, err
	}
	p := a.body.(page[W])
	p.Withheld = withheld(blind.Touches(location, part))
	a.body = p
	return a, nil
}
