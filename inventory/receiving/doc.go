// Package receiving brings parts into the house and moves them about in it: deliveries from
// suppliers with their checks, what is held back of them and what becomes of that, transfers in
// two steps, and how many of a part each van should carry.
//
// It owns suppliers, deliveries, releases of held stock, transfers and the levels of vans. The
// movements are the ledger's, and part requests the counter's.
package receiving
