package formats_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"callout/dispatch/formats"
	"callout/internal/fault"
	"callout/internal/words"
)

// at lists the places that an error names, each with its sentence.
func at(t *testing.T, err error) []string {
	t.Helper()
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Code != fault.Invalid {
		t.Fatalf("got %v, want a fault of the input", err)
	}
	all := []string{}
	for _, field := range f.Fields {
		all = append(all, field.Pointer+" "+field.Detail.String())
		if strings.ContainsAny(field.Detail.Format, "abc") && !words.Known(field.Detail.Format) {
			t.Errorf("no Chinese for %q", field.Detail.Format)
		}
	}
	return all
}

// refused tells what is wrong with a document, and fails where it is not exactly what is wanted.
func refused(t *testing.T, format formats.Format, document string, want ...string) {
	t.Helper()
	_, err := formats.Read(strings.NewReader(document), format)
	got := at(t, err)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%.300s\n got %q\nwant %q", document, got, want)
	}
}

func TestVroomIsRefusedWithEveryFault(t *testing.T) {
	t.Parallel()
	const v = `"vehicles":[{"id":1,"start":[1,2]}]`
	for _, tt := range []struct {
		document string
		want     []string
	}{
		{``, []string{" ends before it is whole"}},
		{`[]`, []string{" must be of type object"}},
		{`{` + v + `} {}`, []string{" line 1, column 39: is followed by something more than one JSON value"}},
		{"{\n \"jobs\": [,]}", []string{"/jobs line 2, column 11: is not valid JSON"}},
		{`{"jobs":[],"jobs":[]}`, []string{"/jobs line 1, column 12: stands twice in its object"}},
		{"{" + v + ",\"\xff\":1}", []string{" line 1, column 39: is not valid UTF-8"}},
		{`{}`, []string{"/vehicles is required"}},
		{`{"vehicles":[]}`, []string{"/vehicles must hold at least 1"}},
		{`{"vehicles":[{"id":1,"start":[1,2],"start_index":0,"colour":3},{"id":1,"end":[1,91]}],"depots":[]}`, []string{
			"/vehicles/0/colour is not known here", "/vehicles/1/end/1 must be at most 90", "/depots is not known here",
		}},
		{`{"vehicles":[{"id":1,"start":[1,2]},{"id":1,"end":[1,2]},{"id":3}]}`, []string{"/vehicles/1/id is the same as item 0", "/vehicles/2 needs a start or an end"}},
		{`{` + v + `,"jobs":[{"id":-1,"location":[1,2]},{"location":[1]},{"id":"x","service":1.5,"setup":1e9,"priority":101}]}`, []string{
			"/jobs/0/id must be at least 0", "/jobs/1/location must be [lon, lat]", "/jobs/1/id is required", "/jobs/2/id must be of type integer",
			"/jobs/2/service must be of type integer", "/jobs/2/setup must be at most 31622400", "/jobs/2/priority must be at most 100",
		}},
		{`{` + v + `,"jobs":[{"id":1},{"id":1,"location":[0,0],"time_windows":[[1,2]]},{"id":2,"location":null}]}`, []string{"/jobs/2/location must be of type array"}},
		{`{` + v + `,"jobs":[{"id":1},{"id":1,"location":[0,0]}]}`, []string{"/jobs/1/id is the same as item 0", "/jobs/0/location is required"}},
		{`{` + v + `,"jobs":[{"id":1,"location":[0,0],"time_windows":[[5,1],[1]]},{"id":2,"location":[0,0],"time_windows":[]}]}`, []string{
			"/jobs/0/time_windows/0 ends before it begins", "/jobs/0/time_windows/1 must be [start, end]", "/jobs/1/time_windows must hold at least 1",
		}},
		{`{"vehicles":[{"id":1,"start":[1,2],"time_window":[0,4294967295]}]}`, []string{"/vehicles/0/time_window/1 the first and the last time of the problem are too far apart: 4294967295 seconds"}},
		{`{"vehicles":[{"id":1,"start":[1,2],"time_window":[0,9]}],"jobs":[{"id":1,"location":[1,2],"time_windows":[[0,4294967295]]}]}`, []string{"/jobs/0/time_windows/0/1 the first and the last time of the problem are too far apart: 4294967295 seconds"}},
		{`{` + v + `,"shipments":[{"pickup":{}}]}`, []string{"/shipments shipments cannot be planned: write them as jobs, or plan them apart"}},
		{`{"vehicles":[{"id":1,"start":[1,2],"breaks":[{"id":1,"max_load":[1]},{"id":1}],"max_tasks":0,"speed_factor":9}]}`, []string{
			"/vehicles/0/breaks/0/max_load a load at a break cannot be limited", "/vehicles/0/max_tasks must be at least 1", "/vehicles/0/speed_factor must be at most 5",
		}},
		{`{"vehicles":[{"id":1,"start":[1,2],"capacity":[1,2]}],"jobs":[{"id":1,"location":[1,2],"delivery":[1]}]}`, []string{"/jobs/0/delivery has 1 numbers, and others 2"}},
		{`{"vehicles":[{"id":1,"start_index":5},{"id":2,"profile":"bike","end":[1,2]}],"matrices":{"car":{"durations":[[0,1],[1,0]]}}}`, []string{
			"/vehicles/0/start_index must be less than 2", "/vehicles/1/profile has no matrix", "/vehicles/1/end_index is required",
		}},
		{`{` + v + `,"matrices":{"car":{"durations":[[0,1],[1]],"costs":[[0,1]]}}}`, []string{
			"/matrices/car/durations/1 has 1 numbers, and the first row 2", "/matrices/car/costs has 1 rows of 2 numbers: it is not square",
		}},
		{`{` + v + `,"matrices":{"car":{"durations":[[0,-1,2.5],["x",[1,2],{"a":"]"}],[9999999999,3.0,1e2]]}}}`, []string{
			"/matrices/car/durations/0/1 must be at least 0", "/matrices/car/durations/0/2 must be of type integer", "/matrices/car/durations/1/0 must be of type integer",
			"/matrices/car/durations/1/1 must be of type integer", "/matrices/car/durations/1/2 must be of type integer", "/matrices/car/durations/2/0 must be at most 536870911",
		}},
		{`{"vehicles":[{"id":1,"start_index":0,"costs":{"per_km":5}}],"matrices":{"car":{"durations":[[0]]}}}`, []string{"/matrices/car/distances is required with per_km, max_distance"}},
		{`{"vehicles":[{"id":1,"start_index":0,"costs":{"per_hour":5}}],"matrices":{"car":{"durations":[[0]],"costs":[[0]]}}}`, []string{
			"/vehicles/0/costs costs of time or distance cannot be combined with a matrix of costs",
		}},
		{`{"vehicles":[{"id":1,"start":[1,2],"steps":[{"type":"start"},{"type":"job","id":9},{"type":"job"},{"type":"pickup","id":1},{"type":"job","id":7,"service_after":9,"service_before":8},{"type":"job","id":7}]}],"jobs":[{"id":7,"location":[1,2]}]}`, []string{
			"/vehicles/0/steps/3/type shipments cannot be planned: write them as jobs, or plan them apart",
		}},
		{`{"vehicles":[{"id":1,"start":[1,2],"steps":[{"type":"start"},{"type":"job","id":9},{"type":"job"},{"type":"job","id":7,"service_after":9,"service_before":8},{"type":"job","id":7}]}],"jobs":[{"id":7,"location":[1,2]}]}`, []string{
			"/vehicles/0/steps/1/id there is no such job", "/vehicles/0/steps/2/id is required", "/vehicles/0/steps/3 leaves the job no time to begin", "/vehicles/0/steps/4/id stands in another step already",
		}},
		{`{"vehicles":[{"id":1,"start":[1,2],"type":"slow"}],"jobs":[{"id":1,"location":[1,2],"service":100,"service_per_type":{"slow":150}},{"id":2,"location":[1,2],"service":100,"service_per_type":{"slow":200}}]}`, []string{
			"/jobs/1/service_per_type/slow one type of vehicle needs one pace for all jobs, and this is another",
		}},
	} {
		refused(t, formats.Vroom, tt.document, tt.want...)
	}
}

func TestSolomonIsRefusedWithEveryFault(t *testing.T) {
	t.Parallel()
	const head = "X\n\nVEHICLE\nNUMBER CAPACITY\n 2 10\n\nCUSTOMER\nCUST NO. XCOORD. YCOORD. DEMAND READY DUE SERVICE\n"
	for _, tt := range []struct {
		document string
		want     []string
	}{
		{"", []string{"1:1 must be the name of the instance"}},
		{"X\nCARS", []string{"2:1 must be the heading VEHICLE"}},
		{"X\nVEHICLE\nNUMBER\n 3", []string{"4:1 must be 2 numbers"}},
		{head, []string{"9:1 must be the depot: 7 numbers"}},
		{strings.Replace(head, " 2 10", " 0 -1", 1) + "0 1 1 0 0 9 0", []string{"5:2 must be at least 1", "5:4 must be at least 0"}},
		{head + "0 1 1 0 0 9 0\n1 2\n 1 x 1 0.5 9 3 0\n1 1 1 1 -1 9 0.05\n", []string{
			"10:1 must be 7 numbers", "11:4 must be of type number", "11:8 must be of type integer", "11:14 is before the ready time",
			"12:1 stands in another line already", "12:9 must be at least 0", "12:14 must have at most one digit after the point",
		}},
		{head + strings.Repeat("9", 70_000), []string{"9:1 is longer than 65536 bytes", "9:1 must be the depot: 7 numbers"}},
	} {
		refused(t, formats.Solomon, tt.document, tt.want...)
	}
}

func TestOurOwnIsRefusedWithEveryFault(t *testing.T) {
	t.Parallel()
	const from, to = `"from":"2030-11-25T08:00:00+08:00"`, `"to":"2030-11-25T18:00:00+08:00"`
	const team = `"technicians":[{"id":"a","shifts":[{"id":"a1",` + from + `,` + to + `,"start":[1,2]}]}]`
	for _, tt := range []struct {
		document string
		want     []string
	}{
		{`{"technicians":null}`, []string{"/technicians must be of type array", "/jobs is required"}},
		{`{` + team + `,"jobs":[{"id":"","place":"home"},{"id":"x"},{"id":"x","place":[1,2],"colour":1}]}`, []string{
			"/jobs/0/id must have at least 1 characters", "/jobs/0/place must be [longitude, latitude]", "/jobs/1/place is required", "/jobs/2/colour is not known here",
		}},
		{`{` + team + `,"jobs":[{"id":"x","place":[1,2],"after":["y"],"allowed":["b"],"pin":{"shift":"a2"}},{"id":"x","place":7}]}`, []string{
			"/jobs/1/id is the same as item 0", `/jobs/0/after/0 names something that is not there: "y"`, `/jobs/0/allowed/0 names something that is not there: "b"`,
			`/jobs/0/pin/shift names something that is not there: "a2"`, "/jobs/1/place is a number, but there are no matrices and no places",
		}},
		{`{"technicians":[{"id":"a","skills":[{"level":1}],"shifts":[{"id":"a1","from":"2030-11-25","to":"2030-11-25T08:00:00.5Z","profile":"jet"}]}],"jobs":[]}`, []string{
			"/technicians/0/skills/0/skill is required", "/technicians/0/shifts/0/from must be a date-time", "/technicians/0/shifts/0/to must be a whole second",
		}},
		{`{"technicians":[{"id":"a","shifts":[{"id":"a1",` + from + `,"to":"2029-11-25T18:00:00+08:00"}]}],"jobs":[]}`, []string{"/technicians/0/shifts/0/to ends before it begins"}},
		{`{"technicians":[{"id":"a","shifts":[{"id":"a1",` + from + `,"to":"2049-11-25T18:00:00+08:00","profile":"jet"}]}],"jobs":[],"objective":"fun"}`, []string{
			"/objective must be one of service, sla, cost, stability, fairness",
		}},
		{`{` + team + `,"jobs":[{"id":"x","place":[1,2]}],"objective":[[{"of":"fun"}],[]],"options":{"seed":-1,"threads":0,"trace":[[70000]]}}`, []string{
			"/objective/0/0/of must be one of missed, unserved, lateness, cost, imbalance, dislike, changed", "/objective/1 must hold at least 1",
			"/options/seed must be at least 0", "/options/threads must be at least 1", "/options/trace/0/0 must be at most 65535",
		}},
		{`{` + team + `,"jobs":[{"id":"x","place":[1,2]}],"profiles":[{"id":"car","durations":[[0,1],[1,0]]},{"id":"walk"}]}`, []string{
			"/technicians/0/shifts/0/start must be a number: a row of the matrices", "/jobs/0/place must be a number: a row of the matrices",
			"/profiles/1 has no durations, and the document no places to estimate them from",
		}},
		{`{` + team + `,"jobs":[{"id":"x","place":[1,2],"after":["y"]},{"id":"y","place":[1,2],"after":["x"]}]}`, []string{"/jobs/1/after/0 leads back to job 1"}},
		{`{"technicians":[{"id":"a","shifts":[]},{"id":"b","shifts":[{"id":"b1",` + from + `,` + to + `},{"id":"b2",` + from + `,"to":"2049-11-25T18:00:00+08:00"}]}],"jobs":[{"id":"x","place":[1,2],"pin":{"shift":"b1"}}],"initial":[{"shift":"b1","jobs":["x","x","z"]}]}`, []string{
			"/initial/0/jobs/1 stands in the list already", `/initial/0/jobs/2 names something that is not there: "z"`,
		}},
	} {
		refused(t, formats.Callout, tt.document, tt.want...)
	}
}

func TestFaultsWithoutEndAreCutShort(t *testing.T) {
	t.Parallel()
	for _, document := range []string{
		`{"jobs":[` + strings.Repeat("1,", 5000) + `1],"vehicles":[]}`,
		`{"matrix":[[` + strings.Repeat("-1,", 5000) + `1]]}`,
		`{"jobs":` + strings.Repeat("[", 50_000),
		`{"jobs":[{"description":"` + strings.Repeat("x", 9<<20) + `"}]}`,
	} {
		_, err := formats.Read(strings.NewReader(document), formats.Vroom)
		if n := len(at(t, err)); n == 0 || n > 1010 {
			t.Errorf("%.40s: %d faults", document, n)
		}
	}
}
