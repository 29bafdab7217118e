package main

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"callout/internal/fault"
	"callout/internal/keyring"
)

// keys manages the signing keys in the data folder. A running Callout sees each change at once.
type keys struct {
	List   keysList   `cmd:"" help:"List the keys of a ring; a star marks the one that signs."`
	Rotate keysRotate `cmd:"" help:"Add a key, which signs from now on; the earlier ones still verify."`
	Retire keysRetire `cmd:"" help:"Destroy an earlier key. Access tokens that it signed are refused from now on; seals that it signed still verify."`
}

type ring struct {
	Data string `env:"DATA" default:"./data" type:"path" help:"The folder of keys, photos, and our own Postgres."`
	Ring string `enum:"tokens,seals" default:"tokens" help:"Which keys: tokens (access tokens) or seals (sign-offs)."`
}

func (r *ring) open() (*keyring.Ring, error) {
	return keyring.Open(filepath.Join(r.Data, "keys", r.Ring))
}

type keysList struct{ ring }

// Run prints one key id a line.
func (k *keysList) Run() error {
	r, err := k.open()
	if err != nil {
		return err
	}
	current, _ := r.Current()
	for _, kid := range slices.Sorted(maps.Keys(r.Publics())) {
		mark := " "
		if kid == current {
			mark = "*"
		}
		fmt.Println(mark, kid)
	}
	return nil
}

type keysRotate struct{ ring }

// Run prints the id of the new key.
func (k *keysRotate) Run() error {
	r, err := k.open()
	if err != nil {
		return err
	}
	kid, err := r.Rotate()
	if err != nil {
		return err
	}
	_, err = fmt.Println(kid)
	return err
}

type keysRetire struct {
	ring
	Kid string `arg:"" help:"The id of the key."`
}

// Run destroys the private key; of a token key the public half too, since a token is checked by us alone.
func (k *keysRetire) Run() error {
	r, err := k.open()
	if err != nil {
		return err
	}
	err = r.Retire(k.Kid)
	if k.Ring == "tokens" && (err == nil || fault.Is(err, fault.NotFound)) {
		return r.Distrust(k.Kid)
	}
	return err
}
