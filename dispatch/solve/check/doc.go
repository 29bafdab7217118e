// Package check holds a plan against its problem, with a clock and a pencil.
//
// It owns one question: does this plan keep every rule that package solve states, and are its
// times and figures true? It trusts nothing of the plan and shares no arithmetic with the search,
// so that an error in one of them is seen by the other. It takes time in proportion to the plan:
// it verifies the times that it is given and looks for no better ones. It does not judge whether
// a plan is good.
//
// # What was settled before
//
// A pinned job was somebody's decision: its certificates and who is allowed to do it are not
// judged, nor, where its time is pinned as well, its windows and its release. Pins are not judged
// against each other. A limit that the pinned jobs of a shift exceed by themselves may be
// exceeded as far, but no further.
package check
