package evidence

import (
	"context"

	"callout/internal/fault"
	"callout/internal/pg"

	"github.com/google/uuid"
)

// signOffColumns are all columns but the record, which a list does without, and the picture.
const signOffColumns = `
s.id, s.job_id, j.number AS job_number, s.outlet_id, s.chain, s.sequence, s.previous, s.hash, s.key_id, s.signature, s.signer,
s.score, s.sealed_at FROM sign_offs s JOIN jobs j ON j.id = s.job_id`

// chainHead is where a chain ends.
type chainHead struct {
	Sequence int64
	Hash     Hash
}

// holdHeadSQL locks the end of a chain, and makes the chain where it is new, in one statement:
// two who begin a chain cannot both be first.
const holdHeadSQL = `
INSERT INTO seal_heads AS h (chain, sequence, hash) VALUES ($1, 0, $2)
ON CONFLICT (chain) DO UPDATE SET sequence = h.sequence
RETURNING sequence, hash`

// holdHead returns the end of a chain, and keeps it until the transaction ends.
func holdHead(ctx context.Context, db *pg.DB, chain uuid.UUID) (chainHead, error) {
	return one[chainHead](ctx, db, nounSignOff, holdHeadSQL, chain, Hash{})
}

const insertSignOffSQL = `
INSERT INTO sign_offs (id, job_id, outlet_id, chain, sequence, previous, hash, key_id, signature, signer, score, record, signature_png, sealed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`

const moveHeadSQL = `UPDATE seal_heads SET sequence = $2, hash = $3 WHERE chain = $1`

// insertSignOff adds a sign-off at the end of its chain, which must be held.
func insertSignOff(ctx context.Context, db *pg.DB, s SignOff, png []byte) error {
	_, err := pg.Exec(ctx, db, insertSignOffSQL, s.ID, s.JobID, s.OutletID, s.Chain, s.Sequence, s.Previous, s.Hash, s.KeyID, s.Signature,
		s.Signer, s.Score, s.Record, png, s.SealedAt)
	if pg.Violates(err, "one_sign_off_per_job") {
		return fault.New(fault.Conflict, "job %s is signed for already", s.JobNumber)
	}
	if err == nil {
		_, err = pg.Exec(ctx, db, moveHeadSQL, s.Chain, s.Sequence, s.Hash)
	}
	return pg.Fault(err, nounSignOff)
}

const signatureSQL = `SELECT signature_png FROM sign_offs WHERE id = $1`

// findSignature reads the picture of a signature.
func findSignature(ctx context.Context, db *pg.DB, id uuid.UUID) ([]byte, error) {
	b, err := pg.One[[]byte](ctx, db, signatureSQL, id)
	return b, pg.Fault(err, nounSignOff)
}

const beforeSQL = `SELECT record FROM sign_offs WHERE chain = $1 AND sequence = $2`

// recordAt reads the record at a place of a chain, nil where there is none.
func recordAt(ctx context.Context, db *pg.DB, chain uuid.UUID, sequence int64) ([]byte, error) {
	rows, err := pg.Query[struct{ Record []byte }](ctx, db, beforeSQL, chain, sequence)
	if err != nil || len(rows) == 0 {
		return nil, pg.Fault(err, nounSignOff)
	}
	return rows[0].Record, nil
}
