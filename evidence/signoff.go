package evidence

import (
	"context"
	"errors"
	"strconv"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"

	"github.com/google/uuid"
)

// SignOff is a customer's word that a job is done, as it was sealed. It never changes.
type SignOff struct {
	ID        uuid.UUID
	JobID     uuid.UUID
	JobNumber string
	OutletID  *uuid.UUID // the job's
	Chain     uuid.UUID  // the outlet that did the work; uuid.Nil where it was nobody's
	Sequence  int64      // its place in the chain, from 1
	Previous  Hash
	Hash      Hash
	KeyID     string
	Signature []byte
	Signer    string
	Score     int
	SealedAt  time.Time
	Record    []byte // canonical JSON; nil in lists
}

// Seal is the seal of the record.
func (s SignOff) Seal() Seal {
	return Seal{
		Version: sealVersion, Algorithm: sealAlgorithm, OutletID: s.Chain, Sequence: s.Sequence, Previous: s.Previous,
		Hash: s.Hash, KeyID: s.KeyID, Signature: s.Signature,
	}
}

// FileName is what a package of the sign-off is called.
func (s SignOff) FileName() string { return "sign-off-" + s.JobNumber + ".zip" }

// Seal seals what a customer signed for, as the next record of the outlet's chain (uuid.Nil is
// the chain of jobs that are no outlet's), and links the photos to it, in the transaction of ctx.
//
// Of the record's photos only the ids count; the rest of them, its id, place and moment, and the
// hash of the picture of the signature are filled in. It writes no event: closing the job does.
// All others who seal for the outlet wait until the transaction ends, so let it be the last step.
//
// It returns fault.Invalid with a pointer to each fault ("/photos/0", "/signature/png", "/score"),
// and fault.Conflict for a job that is signed for already.
func (l *Locker) Seal(ctx context.Context, by who.Actor, r Record, png []byte) (s SignOff, err error) {
	if err := checkPNG(ctx, png); err != nil {
		return SignOff{}, err
	}
	if r.SignOffID == uuid.Nil {
		r.SignOffID = uuid.Must(uuid.NewV7())
	}
	r.Signature.PNGSHA256 = Sum(png)
	err = l.db.InTx(ctx, func(ctx context.Context) error {
		j, err := findJob(ctx, l.db, by, r.Job.ID)
		if err != nil {
			return err
		}
		ids := photoIDs(r.Photos)
		if r.Photos, err = l.taken(ctx, r.Job.ID, ids); err != nil {
			return err
		}
		head, err := holdHead(ctx, l.db, r.Outlet.ID)
		if err != nil {
			return err
		}
		r.Sequence, r.Previous, r.SealedAt = head.Sequence+1, head.Hash, l.now()
		kid, key := l.keys.Current()
		record, seal, err := SealRecord(r, kid, key)
		if err != nil {
			return err
		}
		s = SignOff{
			ID: r.SignOffID, JobID: r.Job.ID, JobNumber: j.Number, OutletID: j.OutletID,
			Chain: seal.OutletID, Sequence: seal.Sequence, Previous: seal.Previous, Hash: seal.Hash, KeyID: kid, Signature: seal.Signature,
			Signer: r.Signature.Signer, Score: r.Score, SealedAt: r.SealedAt, Record: record,
		}
		if err := insertSignOff(ctx, l.db, s, png); err != nil {
			return err
		}
		return linkPhotos(ctx, l.db, ids, s.ID, s.SealedAt)
	})
	return s, err
}

func checkPNG(ctx context.Context, png []byte) error {
	err := CheckSignature(ctx, png)
	if e, ok := errors.AsType[*fault.Error](err); ok {
		return fault.Faults{{Pointer: "/signature/png", Detail: e.Detail}}.Err(fault.Invalid, "the sign-off cannot be sealed")
	}
	return err
}

func photoIDs(photos []PhotoTaken) []uuid.UUID {
	ids := make([]uuid.UUID, len(photos))
	for i, p := range photos {
		ids[i] = p.ID
	}
	return ids
}

// taken reads the photos that a sign-off is to name. Each must be the job's, here, and no other
// sign-off's.
func (l *Locker) taken(ctx context.Context, job uuid.UUID, ids []uuid.UUID) ([]PhotoTaken, error) {
	found, err := lockPhotos(ctx, l.db, ids)
	if err != nil {
		return nil, err
	}
	var f fault.Faults
	all := make([]PhotoTaken, len(ids))
	named := map[uuid.UUID]bool{}
	for i, id := range ids {
		pointer := "/photos/" + strconv.Itoa(i)
		p, there := found[id]
		switch {
		case !there || p.JobID != job:
			f.Add(pointer, "no such %s", nounPhoto)
		case named[id]:
			f.Add(pointer, "stands twice")
		case p.Status == PhotoAnnounced:
			f.Add(pointer, "photo %s has not arrived yet", id)
		case p.Status == PhotoLinked:
			f.Add(pointer, "photo %s belongs to another sign-off", id)
		}
		named[id] = true
		all[i] = p.taken()
	}
	return all, f.Err(fault.Invalid, "the sign-off cannot be sealed")
}

// FindSignOff returns one sign-off with its record.
func (l *Locker) FindSignOff(ctx context.Context, by who.Actor, id uuid.UUID) (SignOff, error) {
	w := that("s.id = ?", id).reach(by, "s.job_id", "s.outlet_id")
	return one[SignOff](ctx, l.db, nounSignOff, "SELECT s.record,"+signOffColumns+w.String(), w.Args...)
}

// SignOffQuery narrows a list of sign-offs; its zero value is all of them.
type SignOffQuery struct {
	JobID    *uuid.UUID
	OutletID *uuid.UUID
}

// ListSignOffs returns sign-offs before an id (from the start: uuid.Nil), the newest first, and
// the id to go on from; uuid.Nil at the end.
func (l *Locker) ListSignOffs(ctx context.Context, by who.Actor, q SignOffQuery, before uuid.UUID, limit int) ([]SignOff, uuid.UUID, error) {
	w := (&where{}).reach(by, "s.job_id", "s.outlet_id")
	if q.JobID != nil {
		w.And("s.job_id = ?", q.JobID)
	}
	if q.OutletID != nil {
		w.And("s.outlet_id = ?", q.OutletID)
	}
	if before != uuid.Nil {
		w.And("s.id < ?", before)
	}
	rows, err := pg.Query[SignOff](ctx, l.db, "SELECT"+signOffColumns+w.String()+" ORDER BY s.id DESC LIMIT "+strconv.Itoa(limit+1), w.Args...)
	if err != nil {
		return nil, uuid.Nil, pg.Fault(err, nounSignOff)
	}
	rows, next := page(rows, limit, func(s SignOff) uuid.UUID { return s.ID })
	return rows, next, nil
}
