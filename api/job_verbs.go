package api

import (
	"context"
	"time"

	"callout/dispatch"
	"callout/internal/who"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
)

func (s *Server) jobVerbsHandlers() map[string]handler {
	return map[string]handler{
		"assignJob": s.assignJob, "reassignJob": s.reassignJob, "unassignJob": s.unassignJob, "autoAssignJob": s.autoAssignJob,
		"dispatchJob": plain(s.Board.Dispatch), "cancelJob": withReason(s.Board.Cancel), "acceptJob": plain(s.Board.Accept),
		"declineJob": withReason(s.Board.Decline), "travelToJob": plain(s.Board.Travel), "arriveAtJob": s.arriveAtJob,
		"startJob": plain(s.Board.Start), "holdJob": s.holdJob, "resumeJob": plain(s.Board.Resume), "finishJob": s.finishJob,
		"cannotCompleteJob": withReason(s.Board.CannotComplete),
	}
}

// plain handles a verb that needs no more than the job and its version.
func plain(verb func(context.Context, who.Actor, uuid.UUID, int) (dispatch.Job, error)) handler {
	return func(k *call) (answer, error) {
		j, err := verb(k.ctx, k.by, k.id("job_id"), k.version())
		return answerJob(k, j, err)
	}
}

// withReason handles a verb that a person gives a reason for.
func withReason(verb func(context.Context, who.Actor, uuid.UUID, int, string) (dispatch.Job, error)) handler {
	return func(k *call) (answer, error) {
		var body struct {
			Reason string `json:"reason"`
		}
		if err := k.body(&body); err != nil {
			return answer{}, err
		}
		j, err := verb(k.ctx, k.by, k.id("job_id"), k.version(), body.Reason)
		return answerJob(k, j, err)
	}
}

type assignment struct {
	TechnicianID uuid.UUID  `json:"technician_id"`
	StartAt      *time.Time `json:"start_at"`
	Override     bool       `json:"override"`
	Reason       string     `json:"reason"`
}

func (s *Server) assignJob(k *call) (answer, error) {
	var body assignment
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	j, err := s.Board.Assign(k.ctx, k.by, k.id("job_id"), k.version(), dispatch.Assignment(body))
	return answerJob(k, j, err)
}

func (s *Server) reassignJob(k *call) (answer, error) {
	var body assignment
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	j, err := s.Board.Reassign(k.ctx, k.by, k.id("job_id"), k.version(), dispatch.Assignment(body))
	return answerJob(k, j, err)
}

func (s *Server) unassignJob(k *call) (answer, error) { return withReason(s.Board.Unassign)(k) }

func (s *Server) autoAssignJob(k *call) (answer, error) {
	var body struct {
		Day string `json:"day"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	j, err := s.Board.AutoAssign(k.ctx, k.by, k.id("job_id"), k.version(), dispatch.Asked{Day: date(body.Day)})
	return answerJob(k, j, err)
}

func (s *Server) arriveAtJob(k *call) (answer, error) {
	var body struct {
		Position *point `json:"position"`
		Accuracy int    `json:"accuracy"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	var from *dispatch.Position
	if p := body.Position; p != nil {
		from = &dispatch.Position{Point: orb.Point(p.Coordinates), Accuracy: body.Accuracy}
	}
	j, err := s.Board.Arrive(k.ctx, k.by, k.id("job_id"), k.version(), from)
	return answerJob(k, j, err)
}

func (s *Server) holdJob(k *call) (answer, error) {
	var body struct {
		For  dispatch.HoldReason `json:"for"`
		Note string              `json:"note"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	j, err := s.Board.Hold(k.ctx, k.by, k.id("job_id"), k.version(), body.For, body.Note)
	return answerJob(k, j, err)
}

func (s *Server) finishJob(k *call) (answer, error) {
	var body struct {
		Summary string `json:"summary"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	j, err := s.Board.Finish(k.ctx, k.by, k.id("job_id"), k.version(), body.Summary)
	return answerJob(k, j, err)
}
