// Package requests takes parts from the warehouse to the van: asked for, allowed, set aside, picked,
// handed out, received, and what came back unused.
//
// It owns part requests: who may have what, and what became of each piece. The movements and
// reservations are the ledger's, uses are read and not written. Counter is the door; each verb of it
// is one transaction and one event.
package requests
