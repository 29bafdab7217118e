package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const instances = "../../dispatch/formats/testdata/"

func solved(t *testing.T, flags ...string) *exec.Cmd {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, append([]string{"solve"}, flags...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	return cmd
}

func TestSolveWritesPlanAndDrawing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	plan, svg := filepath.Join(dir, "plan.json"), filepath.Join(dir, "plan.svg")
	if out, err := solved(t, "--format", "solomon", "--iterations", "2000", "--out", plan, "--svg", svg, instances+"C102.txt").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	b, err := os.ReadFile(plan)
	if err != nil {
		t.Fatal(err)
	}
	var s struct {
		Distance   float64
		Routes     [][]int
		Unassigned []int
	}
	if err := json.Unmarshal(b, &s); err != nil || s.Distance < 827.3 || len(s.Routes) == 0 || len(s.Unassigned) > 0 {
		t.Errorf("%s: %v", b, err)
	}
	if b, err := os.ReadFile(svg); err != nil || !strings.HasPrefix(string(b), "<svg") {
		t.Errorf("the drawing: %v", err)
	}
}

func TestSolveReadsStandardInputAndTellsItsProgress(t *testing.T) {
	t.Parallel()
	f, err := os.Open(instances + "fs50a.vroom.json")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	cmd := solved(t, "--iterations", "2000", "--progress", "-")
	var told strings.Builder
	cmd.Stdin, cmd.Stderr = f, &told
	out, err := cmd.Output()
	if err != nil || !strings.HasPrefix(string(out), `{"code":0,`) || !strings.Contains(told.String(), "unserved, score [") {
		t.Errorf("%v: %.200s\n%s", err, out, told.String())
	}
}

func TestSolveSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	bad := filepath.Join(t.TempDir(), "bad.json")
	if err := os.WriteFile(bad, []byte(`{"vehicles":[{"id":1,"start":[1,2],"wings":2}],"jobs":[{"id":1}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Dir(bad)
	for _, tt := range []struct {
		flags []string
		code  int
		says  []string
	}{
		{[]string{bad}, 1, []string{"/vehicles/0/wings is not known here"}},
		{[]string{filepath.Join(filepath.Dir(bad), "none.json")}, 1, []string{"there is no file"}},
		{[]string{"--iterations=-1", bad}, 2, []string{"--iterations must be from 1"}},
		{[]string{"--iterations=0", "--threads=-3", bad}, 2, []string{"--iterations must be from 1", "--threads must be from 1 to 64"}},
		{[]string{"--threads=100000", bad}, 2, []string{"--threads must be from 1 to 64"}},
		{[]string{"--seconds=0", bad}, 2, []string{"--seconds must be above 0"}},
		{[]string{"--seconds=inf", bad}, 2, []string{"--seconds must be above 0"}},
		{[]string{"--cpu-seconds=NaN", bad}, 2, []string{"--cpu-seconds must be above 0"}},
		{[]string{"--iterations", "5", "--seconds", "5", bad}, 2, []string{"--iterations"}},
		{[]string{"--out", filepath.Join(folder, "no", "plan.json"), "--seconds", "600", instances + "R109.txt"}, 1, []string{"there is no file or folder"}},
		{[]string{"--svg", folder, "--seconds", "600", instances + "R109.txt"}, 1, []string{"is a folder"}},
		{[]string{"--out", filepath.Join(folder, "left.json"), bad}, 1, []string{"/vehicles/0/wings"}},
		{[]string{"--format", "tsplib", bad}, 2, []string{"vroom"}},
	} {
		cmd := solved(t, tt.flags...)
		out, _ := cmd.CombinedOutput()
		if got := cmd.ProcessState.ExitCode(); got != tt.code {
			t.Errorf("%v: left with %d, want %d: %s", tt.flags, got, tt.code, out)
		}
		for _, s := range tt.says {
			if !strings.Contains(string(out), s) {
				t.Errorf("%v: does not say %q: %s", tt.flags, s, out)
			}
		}
	}
	if files, err := os.ReadDir(folder); err != nil || len(files) != 1 {
		t.Errorf("what could not be planned left %v, %v", files, err)
	}
}

func TestSolveKeepsItsBestPlanWhenItIsInterrupted(t *testing.T) {
	t.Parallel()
	plan := filepath.Join(t.TempDir(), "plan.json")
	cmd := solved(t, "--seconds", "600", "--threads", "1", "--progress", "--out", plan, instances+"R109.txt")
	told, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := told.Read(make([]byte, 1)); err != nil { // the search has begun
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("left with %v", err)
		}
	case <-time.After(time.Minute):
		_ = cmd.Process.Signal(syscall.SIGKILL)
		t.Fatal("goes on")
	}
	if b, err := os.ReadFile(plan); err != nil || !strings.Contains(string(b), `"distance"`) {
		t.Errorf("%s, %v", b, err)
	}
}
