package importer

import "context"

// queues keep records that share something in the order of the file: by the name of what is
// shared, when the last record that did will be done.
type queues map[string]<-chan struct{}

// turn is a record's place in the queues.
type turn struct {
	record Record
	before []<-chan struct{}
	over   chan struct{}
}

// join puts a record at the end of each of its queues. Records are to be taken in the order in
// which they join: then whoever waits, waits for somebody at work.
func (q queues) join(r Record) turn {
	t := turn{record: r, over: make(chan struct{})}
	for _, name := range r.shared() {
		if last, somebody := q[name]; somebody {
			t.before = append(t.before, last)
		}
		q[name] = t.over
	}
	return t
}

// shared names what other records may open as well.
func (r Record) shared() []string {
	all := []string{"customer " + r.Customer.ExternalID, "site " + r.Site.ExternalID}
	if r.Product != nil {
		all = append(all, "product "+r.Product.Code)
	}
	return all
}

func (t turn) wait(ctx context.Context) error {
	for _, earlier := range t.before {
		select {
		case <-earlier:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (t turn) done() { close(t.over) }
