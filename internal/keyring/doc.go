// Package keyring keeps signing keys in a directory, outside the database and its dumps.
//
// It owns Ed25519 keys (000001.key, a PKCS #8 PEM file of mode 0600, and 000001.pub, its public
// half, which stays for ever), which of them signs now (the highest number), and named HMAC
// secrets (links.secret). It does not own what is signed, nor for how long a signature counts.
//
// Any number of processes may hold one directory open: files appear whole, under a name that
// only one of them can win, and each process sees what the others did. A public key that is no
// longer to be believed is taken away by removing its .pub file, once its .key is retired.
package keyring
