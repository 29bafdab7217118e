// Package api speaks HTTP for the product: it reads a request, calls one method
// of a domain, and writes the answer. It decides nothing.
//
// The contract is its law. Each operation of mobile-contract becomes a route at
// start-up; tokens, roles, headers, parameters and bodies are checked against it
// before a handler runs, so a handler only decodes, calls and wires the answer. An
// operation without a handler, or a handler without an operation, stops the start.
package api
