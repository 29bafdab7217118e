package api

import "maps"

// Doors are the domains that the handlers call.
type Doors struct{}

// handlers names the handler of every operation of the contract, noun by noun.
func (s *Server) handlers() map[string]handler {
	all := map[string]handler{}
	for _, noun := range []map[string]handler{} {
		maps.Copy(all, noun)
	}
	return all
}
