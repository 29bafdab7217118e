package check

// part is one part in the van of one technician.
type part struct{ technician, part int }

// stock holds the parts that a technician takes, on all his shifts, against those in his van.
func (v *verifier) stock() {
	held, settled := map[part]int64{}, map[part]int64{}
	for t, amounts := range v.p.Stock {
		for _, a := range amounts {
			held[part{t, a.Part}] += a.Count
		}
	}
	for j, s := range v.served {
		if job := &v.p.Jobs[j]; s.shift != nobody && pinned(job) {
			for _, a := range job.Parts {
				settled[part{s.technician, a.Part}] += a.Count
			}
		}
	}
	taken := map[part]int64{}
	for j, s := range v.served {
		for _, a := range v.p.Jobs[j].Parts {
			if s.shift == nobody || a.Count == 0 {
				continue
			}
			of := part{s.technician, a.Part}
			taken[of] += a.Count
			if room := max(held[of], settled[of]); taken[of] > room && taken[of]-a.Count <= room {
				v.faults.Add(s.at, "takes piece %d of part %d from the van of technician %d, who has %d", taken[of], a.Part, s.technician, room)
			}
		}
	}
}
