package demo

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"

	"callout/importer"
)

//go:embed la311
var files embed.FS

// The files of requests, and the days that they hold.
const (
	FirstFile  = "requests-2020-01-01.csv" // 1,685 requests: the demo's day
	SecondFile = "requests-2020-01-02.csv" // 5,964 requests
)

// Files holds the mapping, the requests and what their codes mean.
func Files() fs.FS {
	sub, err := fs.Sub(files, "la311")
	if err != nil {
		panic(err) // the name is constant and valid
	}
	return sub
}

// Mapping says how the requests become customers, sites, cases and jobs.
func Mapping(v importer.Vocabulary) (*importer.Mapping, error) {
	b, err := fs.ReadFile(Files(), "mapping.yaml")
	if err != nil {
		return nil, err
	}
	return importer.Parse(b, Files(), v)
}

// Requests reads the records of one of the files. A row that is refused is an error: there is none.
func Requests(v importer.Vocabulary, file string) ([]importer.Record, error) {
	m, err := Mapping(v)
	if err != nil {
		return nil, err
	}
	b, err := fs.ReadFile(Files(), file)
	if err != nil {
		return nil, err
	}
	var all []importer.Record
	_, err = m.Read(bytes.NewReader(b), func(r importer.Row) error {
		if r.Refusal != nil {
			return fmt.Errorf("demo: line %d of %s: %v", r.Refusal.Line, file, r.Refusal.Reasons)
		}
		all = append(all, *r.Record)
		return nil
	})
	return all, err
}
