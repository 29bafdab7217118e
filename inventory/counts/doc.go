// Package counts takes stock: what a place really holds, counted by people who do not see what the
// books expect, held against the books as they were when each line was counted, explained,
// approved by somebody else, and put right by movements of the kind count.
//
// It owns counts, their lines and variance sheets. The movements and balances are the ledger's.
package counts
