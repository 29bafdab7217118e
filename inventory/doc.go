// Package inventory counts parts: what is where, how it came there, who asked for it and what
// has to come back.
//
// It owns parts, locations, the ledger of movements with its balances, the path of each unit
// with a serial, part requests, what was used on jobs, and part returns. It does not own jobs,
// technicians or vans as vehicles: a van is a location here.
//
// The ledger is append-only and double-entry: a movement takes from one location and gives to
// another, and a mistake is corrected by a movement back. What lies outside the house (supplier,
// customer site, scrap, adjustment) may go negative, so that a part summed over all locations is
// always nought. Ledger and Counter are the doors; move, in move.go, is the only writer.
package inventory
