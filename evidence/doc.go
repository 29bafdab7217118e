// Package evidence keeps what proves that a job was done: the photos, the customer's signature
// and the sealed sign-off.
//
// It owns what counts as a picture and as a signature, the form of a sealed record, how it is
// sealed and chained, the package that a customer may take away, and the check of both; its door
// is the Locker. It does not own when a job may close, nor which photos it needs: that is
// dispatch. The bytes lie in internal/blob, the keys in internal/keyring.
//
// # A photo
//
//	announced → stored → linked
//
// It is announced with the SHA-256 of its bytes, stored when exactly those are here, and linked
// when a sign-off names it; from then on it never changes. One that never arrives stays announced.
//
// # The seal
//
// A record is sealed in its canonical form (RFC 8785). Its hash is the SHA-256 of those bytes.
// Records of an outlet are numbered from 1 and each holds the hash of the one before, the first
// holds zeros. The seal's Ed25519 signature (RFC 8032, pure) is over these 113 bytes:
//
//	offset  bytes
//	     0     25  the ASCII text "callout sign-off seal v1" and one zero byte
//	    25     16  the outlet's UUID
//	    41      8  the sequence number, unsigned, big-endian
//	    49     32  the hash of the outlet's record before, or zeros
//	    81     32  the hash of this record
//
// Outlet, number and previous hash stand in the record as well. They are signed once more so
// that a chain of seals can be checked where the records may not be read.
package evidence
