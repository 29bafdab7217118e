package travel

import "sync"

// memory holds the base drives that were asked for last, up to a number of them.
type memory struct {
	mu     sync.Mutex
	most   int
	at     map[pair]int32
	slots  []slot
	newest int32
	oldest int32
}

type pair struct{ from, to cell }

// slot is a drive in a list from the newest to the oldest.
type slot struct {
	pair
	seconds, metres int32
	newer, older    int32 // slots; none at the ends
}

const none = -1

func newMemory(most int) *memory {
	return &memory{most: max(1, most), at: map[pair]int32{}, newest: none, oldest: none}
}

// recall tells what is remembered of the unknown drives of t.
func (m *memory) recall(cells []cell, t *Table) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, s := range t.Seconds {
		if s != Unknown {
			continue
		}
		if n, known := m.at[pair{cells[i/t.N], cells[i%t.N]}]; known {
			t.Seconds[i], t.Metres[i] = m.slots[n].seconds, m.slots[n].metres
			m.unlink(n)
			m.link(n)
		}
	}
}

// keep remembers those drives of t that asked marks and somebody told, as far as there is room for them.
func (m *memory) keep(cells []cell, t *Table, asked []bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	room := m.most
	for i, s := range t.Seconds {
		if asked[i] && s != Unknown && room > 0 {
			m.put(pair{cells[i/t.N], cells[i%t.N]}, s, t.Metres[i])
			room--
		}
	}
}

func (m *memory) put(p pair, seconds, metres int32) {
	n, known := m.at[p]
	switch {
	case known:
		m.unlink(n)
	case len(m.slots) < m.most:
		n = int32(len(m.slots))
		m.slots = append(m.slots, slot{})
	default:
		n = m.oldest
		m.unlink(n)
		delete(m.at, m.slots[n].pair)
	}
	m.at[p] = n
	m.slots[n] = slot{pair: p, seconds: seconds, metres: metres}
	m.link(n)
}

func (m *memory) unlink(n int32) {
	s := &m.slots[n]
	if s.newer == none {
		m.newest = s.older
	} else {
		m.slots[s.newer].older = s.older
	}
	if s.older == none {
		m.oldest = s.newer
	} else {
		m.slots[s.older].newer = s.newer
	}
}

func (m *memory) link(n int32) {
	m.slots[n].newer, m.slots[n].older = none, m.newest
	if m.newest == none {
		m.oldest = n
	} else {
		m.slots[m.newest].newer = n
	}
	m.newest = n
}
