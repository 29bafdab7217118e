// Package registry knows whom and what we serve: customers, their sites, products, and the
// assets that stand at the sites with their warranty.
//
// It owns those rows, the search for them, and the rules by which a site belongs to an outlet
// and an asset is covered. It does not own territories (dispatch tells it, through Outlets),
// service requests or jobs.
package registry
