package check

// ties judges the jobs that depend on others.
func (v *verifier) ties() {
	groups, chains := map[int][]int{}, map[int][]int{}
	for j := range v.p.Jobs {
		job := &v.p.Jobs[j]
		if job.Group != 0 {
			groups[job.Group] = append(groups[job.Group], j)
		}
		if job.Chain != 0 {
			chains[job.Chain] = append(chains[job.Chain], j)
		}
	}
	for j := range v.p.Jobs {
		job, s := &v.p.Jobs[j], v.served[j]
		if s.shift == nobody {
			if pinned(job) {
				v.faults.Add("/unserved", "job %d is pinned and must be served", j)
			}
			continue
		}
		for _, before := range job.After {
			v.follows(j, before)
		}
		for _, with := range groups[job.Group] {
			if job.Group != 0 && with != j {
				v.together(j, with)
			}
		}
		for _, with := range chains[job.Chain] {
			if job.Chain != 0 && with < j && v.judged(j, with) && v.served[with].shift != nobody && v.served[with].technician != s.technician {
				v.faults.Add(s.at+"/job", "job %d is technician %d's, but job %d of its chain is %d's", j, s.technician, with, v.served[with].technician)
				break
			}
		}
	}
}

// follows says whether job j begins after another has ended.
func (v *verifier) follows(j, before int) {
	s, b := v.served[j], v.served[before]
	switch {
	case b.shift == nobody && !pinned(&v.p.Jobs[j]):
		v.faults.Add(s.at+"/job", "job %d is served without job %d, which comes before it", j, before)
	case b.shift != nobody && s.start < b.end && v.moves(j, before):
		v.faults.Add(s.at+"/start", "is %d, before job %d has ended at %d", s.start, before, b.end)
	}
}

// together says whether two jobs of a group are done at once, by two technicians.
func (v *verifier) together(j, with int) {
	s, w := v.served[j], v.served[with]
	switch {
	case w.shift == nobody && !pinned(&v.p.Jobs[j]):
		v.faults.Add(s.at+"/job", "job %d is served without job %d of its group", j, with)
	case w.shift == nobody || with > j:
	case s.start != w.start && v.judged(j, with):
		v.faults.Add(s.at+"/start", "is %d, but job %d of its group begins at %d", s.start, with, w.start)
	case s.technician == w.technician && v.judged(j, with):
		v.faults.Add(s.at+"/job", "job %d and job %d of its group have the same technician", j, with)
	}
}

// judged says whether who does two jobs was not settled for both.
func (v *verifier) judged(a, b int) bool { return !pinned(&v.p.Jobs[a]) || !pinned(&v.p.Jobs[b]) }

// moves says whether when two jobs begin was not settled for both.
func (v *verifier) moves(a, b int) bool { return !timed(&v.p.Jobs[a]) || !timed(&v.p.Jobs[b]) }
