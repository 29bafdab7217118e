package workday

// Later is the day for one who may not leave before t, which is what a day in progress needs as
// the clock goes on: r itself where that changes nothing, or spare, whose tables are written over. It is nil where the
// day as booked holds no more like this: then it must be made ready anew, as other breaks are owed.
func (r *Route) Later(t int64, spare *Route) *Route {
	if t <= r.day.Shift.From {
		return r
	}
	if r.moves > 0 {
		return nil
	}
	ends := append(spare.ends[:0], r.ends...)
	*spare = *r
	spare.day.Shift.From, spare.ends = t, ends
	spare.forward()
	spare.holds = spare.day.onDuty() && ends[len(ends)-1] < Forever
	if spare.holds != r.holds {
		return nil
	}
	return spare
}
