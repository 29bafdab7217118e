package requests

import (
	"slices"
	"testing"

	"callout/internal/drawn"
	"callout/internal/fault"

	"github.com/google/uuid"
)

var statuses = []Status{
	StatusRequested, StatusApproved, StatusRejected, StatusPicking, StatusIssued, StatusBackordered, StatusReceived, StatusConsumed,
	StatusReturnedUnused, StatusClosed, StatusCanceled,
}

// asDrawn are the verbs as they are drawn. What is used is the job's to say, and no verb of a request.
var asDrawn = map[Verb]string{
	VerbApprove: "approve", VerbReject: "reject", VerbAmend: "amend", VerbReserve: "reserve", VerbPick: "pick", VerbSubstitute: "substitute",
	VerbIssue: "issue", VerbReceive: "receive", VerbReturn: "return", VerbSettle: "settle", VerbClose: "close", VerbCancel: "cancel",
}

func TestLifeIsAsDrawn(t *testing.T) {
	t.Parallel()
	life := drawn.Read(t, "../README.md", "The life of a part request")
	inDiagram, verbs := life.Words()
	var all []string
	for _, s := range statuses {
		all = append(all, string(s))
		if s.Ended() != slices.Contains(life.Last, string(s)) {
			t.Errorf("%s ends a request: %v, as drawn: %v", s, s.Ended(), !s.Ended())
		}
	}
	slices.Sort(all)
	if !slices.Equal(inDiagram, all) {
		t.Errorf("drawn are the statuses %v, there are %v", inDiagram, all)
	}
	known := []string{"use"}
	for v := range allows {
		known = append(known, asDrawn[v])
	}
	slices.Sort(known)
	if !slices.Equal(verbs, known) {
		t.Errorf("drawn are the verbs %v, there are %v", verbs, known)
	}
}

func TestEveryVerbInEveryStatus(t *testing.T) {
	t.Parallel()
	life := drawn.Read(t, "../README.md", "The life of a part request")
	for _, s := range statuses {
		for v := range allows {
			r := Request{Status: s, Version: 3}
			err := r.undergo(v, 3)
			switch allowed := life.To(string(s), asDrawn[v]) != ""; {
			case allowed && (err != nil || r.Version != 4):
				t.Errorf("%s while %s: %v at %d", v, s, err, r.Version)
			case !allowed && (!fault.Is(err, fault.Conflict) || r.Version != 3 || r.Status != s):
				t.Errorf("%s while %s was allowed: %v", v, s, err)
			}
			if err := r.undergo(v, 2); !fault.Is(err, fault.Stale) {
				t.Errorf("%s while %s at an old version: %v", v, s, err)
			}
		}
	}
}

func TestStandingFollowsFromTheLines(t *testing.T) {
	t.Parallel()
	job, n := uuid.New(), 4
	of := func(l Line) Request {
		l.Quantity, l.Approved = n, &n
		return Request{Status: StatusIssued, JobID: &job, Lines: []Line{l}}
	}
	canceled := func(r Request) Request {
		at := r.CreatedAt
		r.CanceledAt = &at
		return r
	}
	stock := func(r Request) Request { r.JobID = nil; return r }
	picking := func(r Request) Request { r.Status = StatusPicking; return r }
	for name, tt := range map[string]struct {
		r    Request
		want Status
	}{
		"nothing handed out":                  {of(Line{}), StatusApproved},
		"picked":                              {picking(of(Line{Issued: 1, Received: 1})), StatusPicking},
		"a part on its way":                   {of(Line{Issued: 3}), StatusIssued},
		"what went out has come":              {of(Line{Issued: 3, Received: 3}), StatusBackordered},
		"one of two is missing, more to come": {of(Line{Issued: 2, Received: 1, Missing: 1}), StatusBackordered},
		"all has come":                        {of(Line{Issued: 4, Received: 4}), StatusReceived},
		"one is missing":                      {of(Line{Issued: 4, Received: 3, Missing: 1, Used: 3}), StatusReceived},
		"one is lost, the others used":        {of(Line{Issued: 4, Received: 3, Lost: 1, Used: 3}), StatusConsumed},
		"all used":                            {of(Line{Issued: 4, Received: 4, Used: 4}), StatusConsumed},
		"all returned":                        {of(Line{Issued: 4, Received: 4, Returned: 4}), StatusReturnedUnused},
		"one on its way back":                 {of(Line{Issued: 4, Received: 4, Returned: 3, HandedIn: 1}), StatusReceived},
		"some used, some returned":            {of(Line{Issued: 4, Received: 4, Used: 1, Returned: 3}), StatusClosed},
		"all lost":                            {of(Line{Issued: 4, Lost: 4}), StatusClosed},
		"the van's stock has come":            {stock(of(Line{Issued: 4, Received: 4})), StatusClosed},
		"the van's stock went back":           {stock(of(Line{Issued: 4, Received: 4, Returned: 4})), StatusReturnedUnused},
		"canceled before anything went out":   {canceled(of(Line{Canceled: 4})), StatusCanceled},
		"canceled on its way":                 {canceled(of(Line{Issued: 4})), StatusCanceled},
		"canceled after a part has come":      {canceled(of(Line{Issued: 2, Received: 1, Canceled: 2})), StatusReceived},
		"canceled, and what had come is used": {canceled(of(Line{Issued: 2, Received: 1, Withdrawn: 1, Canceled: 2, Used: 1})), StatusConsumed},
		"too much has come":                   {Request{Status: StatusReceived, Lines: []Line{{Approved: &n, Issued: 4, Received: 4}}, Overs: []Over{{Quantity: 1}}}, StatusReceived},
	} {
		if got := tt.r.standing(); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}
