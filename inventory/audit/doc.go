// Package audit proves the books: what came in and what went out against what is there, for each
// holder and part, over any time; it locks the periods that are done with.
//
// It owns the figures of a reconciliation, their movements, their sheets for finance, the locked
// periods and the nightly run. It does not own movements nor balances: inventory does, and no
// line here changes one.
package audit
