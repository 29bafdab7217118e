package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"syscall"
)

// measure runs the binary on an instance, once for each seed, and keeps the medians.
func (b *bench) measure(in *instance) error {
	path := in.path
	if path == "" {
		path = filepath.Join(b.scratch, in.name+".json")
		if err := generate(in.name, path); err != nil {
			return err
		}
		defer func() { _ = os.Remove(path) }()
	}
	var values, cpus []float64
	for seed := range b.seeds {
		out := filepath.Join(b.scratch, "plan.json")
		run := exec.Command(b.binary, "solve", "--cpu-seconds", strconv.FormatFloat(sets[in.set].budget, 'g', -1, 64), "--seed", strconv.Itoa(seed+1), "--out", out, path)
		run.Stderr = os.Stderr
		if err := run.Run(); err != nil {
			return err
		}
		value, err := read(out)
		if err != nil {
			return err
		}
		values = append(values, value)
		cpus = append(cpus, (run.ProcessState.UserTime() + run.ProcessState.SystemTime()).Seconds())
		if u, ok := run.ProcessState.SysUsage().(*syscall.Rusage); ok {
			size := int64(u.Maxrss) // in kilobytes, on macOS in bytes
			if runtime.GOOS == "darwin" {
				size /= 1 << 10
			}
			in.megabytes = max(in.megabytes, size>>10)
		}
	}
	in.value, in.cpu = median(values), median(cpus)
	return nil
}

func generate(name, path string) (err error) {
	d := days[name]
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return field(cities[d.city], d.jobs, d.technicians, d.seed).write(f)
}

// read is the distance of a plan, or its sum of priorities. A distance that leaves customers out
// would be none.
func read(path string) (float64, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	var plan struct {
		Distance   float64           `json:"distance"`
		Unassigned []json.RawMessage `json:"unassigned"`
		Summary    *struct {
			Priority float64 `json:"priority"`
		} `json:"summary"`
	}
	if err := json.Unmarshal(raw, &plan); err != nil {
		return 0, err
	}
	switch {
	case plan.Summary != nil:
		return plan.Summary.Priority, nil
	case len(plan.Unassigned) > 0:
		return 0, fmt.Errorf("%d customers are not served", len(plan.Unassigned))
	}
	return plan.Distance, nil
}

func median(all []float64) float64 {
	slices.Sort(all)
	return all[(len(all)-1)/2]
}
