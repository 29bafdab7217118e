// Package signals finds what the books show and a supervisor ought to look at: parts used that
// were never issued, old parts that came back twice, consumption far from the peers' norm.
//
// It owns the rules, which are published with their thresholds and with when they are wrong, and the
// signals: each is found by one rule, frozen with its evidence, and judged by a person once. A signal
// is a question and proves nothing; no rule changes the books or stops anybody's work. It does not own
// what it reads: movements, uses, returns, requests, jobs.
package signals
