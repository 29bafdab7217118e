package api

import (
	"encoding/json"
	"time"

	"callout/evidence"
	"callout/internal/words"

	"github.com/google/uuid"
)

func (s *Server) signOffsHandlers() map[string]handler {
	return map[string]handler{
		"listSignOffs": s.listSignOffs, "getSignOff": s.getSignOff, "verifySignOff": s.verifySignOff,
		"getSignOffPackage": s.getSignOffPackage, "listSealKeys": s.listSealKeys,
	}
}

type signOff struct {
	ID        uuid.UUID       `json:"id"`
	JobID     uuid.UUID       `json:"job_id"`
	JobNumber string          `json:"job_number"`
	OutletID  *uuid.UUID      `json:"outlet_id"`
	Signer    string          `json:"signer"`
	Score     int             `json:"score"`
	SealedAt  time.Time       `json:"sealed_at"`
	Chain     uuid.UUID       `json:"chain"`
	Sequence  int64           `json:"sequence"`
	Previous  evidence.Hash   `json:"previous"`
	Hash      evidence.Hash   `json:"hash"`
	KeyID     string          `json:"key_id"`
	Signature []byte          `json:"signature"`
	Record    json.RawMessage `json:"record,omitempty"`
	Coverages []string        `json:"coverages,omitempty"`
}

func wireSignOff(o evidence.SignOff) signOff {
	return signOff{
		o.ID, o.JobID, o.JobNumber, o.OutletID, o.Signer, o.Score, o.SealedAt,
		o.Chain, o.Sequence, o.Previous, o.Hash, o.KeyID, o.Signature, o.Record, nil,
	}
}

func (s *Server) listSignOffs(k *call) (answer, error) {
	before, err := k.after()
	if err != nil {
		return answer{}, err
	}
	q := evidence.SignOffQuery{JobID: k.queryID("job_id"), OutletID: k.queryID("outlet_id")}
	rows, last, err := s.Locker.ListSignOffs(k.ctx, k.by, q, before, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, rows, further(last), wireSignOff)
}

func (s *Server) getSignOff(k *call) (answer, error) {
	o, err := s.Locker.FindSignOff(k.ctx, k.by, k.id("sign_off_id"))
	if err != nil {
		return answer{}, err
	}
	wire := wireSignOff(o)
	wire.Coverages = each(o.Coverages(), func(line words.Text) string { return line.In(k.lang()) })
	return shown(wire)
}

type verification struct {
	OK     bool    `json:"ok"`
	Checks []check `json:"checks"`
}

type check struct {
	Name string  `json:"name"`
	OK   bool    `json:"ok"`
	What string  `json:"what"`
	Why  *string `json:"why"`
}

func (s *Server) verifySignOff(k *call) (answer, error) {
	rep, err := s.Locker.Verify(k.ctx, k.by, k.id("sign_off_id"))
	if err != nil {
		return answer{}, err
	}
	v := verification{OK: rep.OK(), Checks: make([]check, len(rep.Checks))}
	for i, c := range rep.Checks {
		v.Checks[i] = check{Name: c.Name, OK: c.OK, What: c.What.In(k.lang())}
		if !c.OK {
			why := c.Why.In(k.lang())
			v.Checks[i].Why = &why
		}
	}
	return shown(v)
}

func (s *Server) getSignOffPackage(k *call) (answer, error) {
	o, zip, size, err := s.Locker.Package(k.ctx, k.by, k.id("sign_off_id"))
	if err != nil {
		return answer{}, err
	}
	return download("application/zip", size, zip).named("attachment", o.FileName(), o.Hash), nil
}

type sealKey struct {
	ID      string `json:"id"`
	Current bool   `json:"current"`
	PEM     string `json:"pem"`
}

func (s *Server) listSealKeys(*call) (answer, error) {
	keys, err := s.Locker.SealKeys()
	if err != nil {
		return answer{}, err
	}
	wires := make([]sealKey, len(keys))
	for i, key := range keys {
		wires[i] = sealKey(key)
	}
	return shown(map[string]any{"items": wires})
}
