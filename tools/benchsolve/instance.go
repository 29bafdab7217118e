package main

import (
	"fmt"
	"regexp"
	"slices"
)

// set is a family of instances with one budget, and what its figures must come to: the mean gap
// in percent, or of days of field service the share of the priorities that is missed.
type set struct {
	name             string
	budget           float64 // CPU-seconds
	vroom, must, aim float64
	mean             float64
	count            int
}

// sets in the order of the table. VROOM's are its 1.15-dev with -x 5 as measured beside the data
// (README.md of vrptw and of fs): Solomon at 2.7 CPU-s, GH-200 (four of the six) at 13, GH-400 at 69; fs50a at 0.14,
// fs200a at 5.1, fs1000a at 411; fs5000a with -x 0 at 363.
var sets = []set{
	{name: "Solomon", budget: 5, vroom: 1.56, must: .15, aim: .03},
	{name: "GH-200", budget: 15, vroom: 2.85, must: .7, aim: .15},
	{name: "GH-400", budget: 60, vroom: 5.9, must: .9, aim: .4},
	{name: "fs50a", budget: .15, vroom: missed(1510, 1680), must: missed(1520, 1680), aim: missed(1520, 1680)},
	{name: "fs200a", budget: 5, vroom: missed(5790, 6050), must: missed(5850, 6050), aim: missed(5890, 6050)},
	{name: "fs1000a", budget: 20, vroom: missed(30420, 31410), must: missed(30740, 31410), aim: missed(30900, 31410)},
	{name: "fs5000a", budget: 60, vroom: missed(146180, 153130), must: missed(147570, 153130), aim: missed(149000, 153130)},
}

func missed(served, total float64) float64 { return 100 * (total - served) / total }

// days are the days that the generator makes, and VROOM's sum of priorities on them.
var days = map[string]struct {
	city              string
	jobs, technicians int
	seed              uint64
	total, vroom      float64
}{
	"fs50a":   {"berlin", 50, 8, 101, 1680, 1510},
	"fs200a":  {"berlin", 200, 25, 201, 6050, 5790},
	"fs1000a": {"shanghai", 1000, 120, 1001, 31410, 30420},
	"fs5000a": {"shanghai", 5000, 500, 5001, 153130, 146180},
}

// known are the best distances by the DIMACS convention, all proven optimal (CVRPLIB), and VROOM's
// gap to them in percent where it was measured by itself.
var known = map[string][2]float64{
	"C102": {827.3, 0}, "C106": {827.3, 0}, "R102": {1466.6, .10}, "R106": {1234.6, .52}, "R109": {1146.9, .73}, "RC102": {1457.4, .32},
	"RC105": {1513.7, 2.11}, "RC107": {1207.8, .65}, "C201": {589.1, 0}, "C205": {586.4, 0}, "R203": {870.8, 4.35}, "R205": {949.8, 1.98},
	"R210": {900.5, 1.77}, "RC203": {923.7, 3.91}, "RC205": {1154.0, 3.73}, "RC207": {962.9, 4.84},
	"C1_2_1": {2698.6, -1}, "R1_2_1": {4667.2, -1}, "RC1_2_1": {3516.9, -1}, "C2_2_1": {1922.1, -1}, "R2_2_1": {3468.0, -1}, "RC2_2_1": {2797.4, -1},
	"R1_4_1": {10305.8, -1}, "RC2_4_1": {6147.3, -1},
}

// instance is one problem and what was measured on it.
type instance struct {
	name, path string // path is empty where the generator makes it
	set        int
	best       float64 // distance, or sum of all priorities
	vroom      float64 // gap or sum of priorities; below 0: not known
	value, cpu float64 // medians
	megabytes  int64   // the most
}

var family = regexp.MustCompile(`^(?:RC|R|C)\d(_[24]_\d+|\d\d)$`)

// named is the instance of a name, where it is known what to compare it with.
func named(name string) (instance, bool) {
	if d, ours := days[name]; ours {
		return instance{name: name, set: slices.IndexFunc(sets, func(s set) bool { return s.name == name }), best: d.total, vroom: d.vroom}, true
	}
	m, k := family.FindStringSubmatch(name), known[name]
	if m == nil || k[0] == 0 {
		return instance{}, false
	}
	return instance{name: name, set: map[byte]int{'2': 1, '4': 2}[m[1][1]] * btoi(m[1][0] == '_'), best: k[0], vroom: k[1]}, true
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (in *instance) day() bool { return days[in.name].jobs > 0 }

// order sorts by set, then by name.
func (in *instance) order() string { return fmt.Sprintf("%d %s", in.set, in.name) }

// gap is how far a value is from the best, or which share of the priorities it misses, in percent.
func (in *instance) gap(value float64) float64 {
	if in.day() {
		return missed(value, in.best)
	}
	return 100 * (value - in.best) / in.best
}

func (in *instance) say(value float64) string {
	if in.day() {
		return fmt.Sprintf("%.0f", value)
	}
	return fmt.Sprintf("%.1f", value)
}

// peer is VROOM's gap or share.
func (in *instance) peer() string {
	switch {
	case in.vroom < 0:
		return "-"
	case in.day():
		return fmt.Sprintf("%.0f, %.2f %%", in.vroom, in.gap(in.vroom))
	}
	return fmt.Sprintf("%.2f %%", in.vroom)
}

// bySet are the means of the sets of which anything was measured.
func bySet(all []instance) []set {
	var means []set
	for i, s := range sets {
		for k := range all {
			if all[k].set == i {
				s.mean += all[k].gap(all[k].value)
				s.count++
			}
		}
		if s.count > 0 {
			s.mean /= float64(s.count)
			means = append(means, s)
		}
	}
	return means
}
