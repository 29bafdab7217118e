package main

import (
	"encoding/json"
	"os"

	contract "callout/mobile-contract"
)

// openapi prints the contract as one OpenAPI 3.1 document.
type openapi struct{}

// Run writes the document to standard output.
func (*openapi) Run() error {
	doc, err := contract.Bundle()
	if err != nil {
		return err
	}
	e := json.NewEncoder(os.Stdout)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(doc)
}
