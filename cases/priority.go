package cases

import "callout/dispatch"

// PriorityOf is the priority that follows from type and severity where nobody gives one. What is
// urgent is a danger or stops the customer's business (requirements 25, 27); a function that fails
// or a complaint touches the customer's experience (28), and so does what needs a deep
// analysis; suggestions and all else can wait (29).
func PriorityOf(t Type, s Severity) dispatch.Priority {
	switch {
	case t == TypeSuggestion:
		return dispatch.PriorityP2
	case s == SeverityUrgent:
		return dispatch.PriorityP0
	case s == SeverityComplex || t == TypeFault || t == TypeComplaint:
		return dispatch.PriorityP1
	}
	return dispatch.PriorityP2
}
