package inventory

import (
	"slices"
	"testing"

	"callout/internal/fault"
)

// The diagrams of the two lives: every other pair of statuses is refused.
var (
	drawnRequests = map[[2]RequestStatus]bool{
		{RequestRequested, RequestApproved}: true,
		{RequestRequested, RequestRejected}: true,
		{RequestRequested, RequestCanceled}: true,
		{RequestApproved, RequestIssued}:    true,
		{RequestApproved, RequestCanceled}:  true,
		{RequestIssued, RequestReceived}:    true,
	}
	drawnReturns = map[[2]ReturnStatus]bool{
		{ReturnExpected, ReturnCollected}:  true,
		{ReturnExpected, ReturnWaived}:     true,
		{ReturnExpected, ReturnReceived}:   true,
		{ReturnCollected, ReturnInTransit}: true,
		{ReturnCollected, ReturnReceived}:  true,
		{ReturnInTransit, ReturnReceived}:  true,
		{ReturnReceived, ReturnMatched}:    true,
		{ReturnReceived, ReturnDiscrepant}: true,
	}
)

func TestEveryPairOfRequestStatuses(t *testing.T) {
	t.Parallel()
	all := []RequestStatus{RequestRequested, RequestApproved, RequestRejected, RequestIssued, RequestReceived, RequestCanceled}
	everyPair(t, all, drawnRequests, func(from, to RequestStatus, version int) (RequestStatus, int, error) {
		r := PartRequest{Status: from, Version: 3}
		err := r.become(to, version)
		return r.Status, r.Version, err
	})
}

func TestEveryPairOfReturnStatuses(t *testing.T) {
	t.Parallel()
	all := []ReturnStatus{ReturnExpected, ReturnCollected, ReturnWaived, ReturnInTransit, ReturnReceived, ReturnMatched, ReturnDiscrepant}
	everyPair(t, all, drawnReturns, func(from, to ReturnStatus, version int) (ReturnStatus, int, error) {
		r := PartReturn{Status: from, Version: 3}
		err := r.become(to, version)
		return r.Status, r.Version, err
	})
}

func everyPair[S ~string](t *testing.T, all []S, drawn map[[2]S]bool, become func(from, to S, version int) (S, int, error)) {
	t.Helper()
	for _, from := range all {
		for _, to := range all {
			status, version, err := become(from, to, 3)
			switch {
			case drawn[[2]S{from, to}] && (err != nil || status != to || version != 4):
				t.Errorf("%s to %s: %v, %s at %d", from, to, err, status, version)
			case !drawn[[2]S{from, to}] && (!fault.Is(err, fault.Conflict) || status != from || version != 3):
				t.Errorf("%s to %s was allowed: %v", from, to, err)
			}
			if status, _, err := become(from, to, 2); !fault.Is(err, fault.Stale) || status != from {
				t.Errorf("%s to %s at an old version: %v", from, to, err)
			}
		}
	}
	for pair := range drawn {
		if !slices.Contains(all, pair[0]) || !slices.Contains(all, pair[1]) {
			t.Errorf("%v is drawn and not tried", pair)
		}
	}
}
