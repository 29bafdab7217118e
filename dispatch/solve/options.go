package solve

// Options say how to search.
type Options struct {
	Seed    uint64
	Threads int // islands that search side by side; 0 = 1

	// Exactly one of the following ends the search.
	Iterations int64          // so many steps of each island
	Spent      func() float64 // how much of a budget is spent, from 0 to 1; asked by every island now and then
	Trace      [][]uint16     // as an earlier plan tells: the search goes as it went then

	Stop     func() bool // asked now and then: true ends the search with the best plan so far; nil = never
	Improved func(*Plan) // told of better plans as they are found, from one goroutine at a time; nil = nobody
}
