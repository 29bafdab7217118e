// Package access knows who may come in: users, their passwords, their sessions.
//
// It owns sign-in and its lock, refresh tokens that work once, and the answer to "who stands
// behind this session now?" that every request asks. It does not own access tokens and how often
// one may ask (api), nor what a role may do (the contract's x-roles).
//
// Three things hold at once, for tokens that are already given too: a disabling, a session's end,
// and new roles, outlet or technician. In the process that commits them by itself; in all others
// as fast as Postgres tells (NOTIFY), and after maxAge at the latest.
//
// A refresh leaves its trace in refresh_tokens and no event; so does a failed sign-in in
// sign_in_failures. Whatever changes who may come in is an event.
package access
