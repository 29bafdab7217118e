package native

import (
	"callout/dispatch/solve"
	"callout/internal/words"
)

// reasons says why nobody does a job.
var reasons = map[string]words.Text{
	string(solve.NoShift):       words.Say("nobody who may do it has a shift"),
	string(solve.NoCertificate): words.Say("nobody who may do it holds the certificates"),
	string(solve.NoParts):       words.Say("no van of those who could holds the parts or the room"),
	string(solve.NoWindow):      words.Say("nobody of those who could would come in time, even on an empty day"),
	string(solve.NoPartner):     words.Say("it waits for a job, or for a crew, that is not to be had"),
	string(solve.NoCapacity):    words.Say("the days of all who could are full"),
}

// In adds to each unserved job the sentence of its reason.
func (p Plan) In(l words.Language) Plan {
	for i := range p.Unserved {
		p.Unserved[i].Text = reasons[p.Unserved[i].Reason].In(l)
	}
	return p
}
