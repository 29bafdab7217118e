// Package osrm asks an OSRM server for drives: its table service, by HTTP.
//
// It owns the request in blocks that the server accepts, the retries, and the breaker that spares
// a server which is down. It does not own what is done without an answer: that drive stays
// unknown, and the travel.Router estimates it.
//
// The service is described at https://project-osrm.org/docs/v5.24.0/api/#table-service: durations
// in seconds and distances in metres, each by a row per source; null where there is no way.
package osrm
