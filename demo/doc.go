// Package demo is an operation to try Callout with: the requests that reached the City of Los
// Angeles on 1 January 2020, served by people who are made up.
//
// It owns the files in la311 (whose README names source and licence), the territories of its
// outlets, the roster, the parts and the logins. All of it is plain data, the same at each call.
package demo
