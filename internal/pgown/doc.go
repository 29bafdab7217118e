// Package pgown runs a Postgres of Callout's own from the binaries of the system, so that one
// command is a whole installation: nothing to set up, nobody else on it, gone with its parent.
//
// It owns the folder it is given: the cluster, the socket, and the lock that keeps a second
// Callout out. It listens on a Unix socket only, in a folder that nobody else may enter. It
// never runs as root: started by root it becomes an unprivileged user that exists already.
// It does not know what is in the database; migrations are somebody else's.
package pgown
