package dispatch

import (
	"context"
	"fmt"
	"strings"
	"time"

	"callout/internal/fault"
	"callout/internal/pg"
	"callout/internal/who"
	"callout/internal/words"
	"callout/registry"

	"github.com/google/uuid"
)

// NewJob is what opens a job. Customer, outlet, place and time zone follow from the site.
type NewJob struct {
	SiteID      uuid.UUID
	AssetID     *uuid.UUID // must stand at the site
	CaseID      *uuid.UUID // must be the same customer's
	Title       string
	Description string
	Priority    Priority
	Minutes     int
	WindowFrom  *time.Time
	WindowTo    *time.Time
	DueAt       *time.Time
	DueOfCase   bool // DueAt is when the case is due, which a later window may miss
	Needs       []NewNeed
	Parts       []PartNeed
	Photos      []PhotoNeed
	ExternalKey *string
}

// NewNeed names a skill by its id or by its code, and a level.
type NewNeed struct {
	SkillID *uuid.UUID
	Code    string
	Level   int
}

// JobChange says what to change: nil leaves a member as it is. A window is changed as a whole.
// Description and due time may change as long as the job lives, the rest until it is dispatched.
type JobChange struct {
	Title       *string
	Description *string
	Priority    *Priority
	AssetID     **uuid.UUID
	Minutes     *int
	Window      *Window
	DueAt       **time.Time
	Needs       *[]NewNeed
	Parts       *[]PartNeed
	Photos      *[]PhotoNeed
}

// Window is when the customer expects the work to begin; both ends or neither.
type Window struct{ From, To *time.Time }

// Open records a job. It returns Invalid with a pointer to each member that cannot stand.
func (b *Board) Open(ctx context.Context, by who.Actor, n NewJob) (j Job, err error) {
	at := b.now()
	err = b.db.InTx(ctx, func(ctx context.Context) error {
		if j, err = b.opened(ctx, by, n, at); err != nil {
			return err
		}
		if j.Number, err = insertJob(ctx, b.db, j); err != nil {
			return err
		}
		return b.tell(ctx, by, at, "job.opened", j, note{})
	})
	return j, err
}

// opened works out the job that n asks for.
func (b *Board) opened(ctx context.Context, by who.Actor, n NewJob, at time.Time) (Job, error) {
	var f fault.Faults
	j := Job{
		ID: uuid.Must(uuid.NewV7()), Status: StatusOpen, Priority: n.Priority, CaseID: n.CaseID, SiteID: n.SiteID, AssetID: n.AssetID,
		Minutes: n.Minutes, WindowFrom: micro(n.WindowFrom), WindowTo: micro(n.WindowTo), DueAt: micro(n.DueAt),
		Parts: n.Parts, Photos: n.Photos, ExternalKey: n.ExternalKey, Version: 1, CreatedAt: at, UpdatedAt: at,
	}
	j.Title = registry.Line(&f, "/title", n.Title)
	j.Description = registry.Note(&f, "/description", n.Description)
	if n.ExternalKey != nil {
		key := registry.Line(&f, "/external_key", *n.ExternalKey)
		j.ExternalKey = &key
	}
	site, err := b.Register.FindSite(ctx, by, n.SiteID)
	switch {
	case fault.Is(err, fault.NotFound):
		f.Add("/site_id", "no such %s", words.Noun("site"))
	case err != nil:
		return Job{}, err
	default:
		j.CustomerID, j.OutletID, j.Location, j.TimeZone = site.CustomerID, site.OutletID, site.Location, site.TimeZone
		if err := b.checkPlace(ctx, by, j, &f); err != nil {
			return Job{}, err
		}
	}
	j.checkTimes(&f)
	if by.UserID != uuid.Nil && n.ExternalKey == nil { // an import brings what was
		n.checkAhead(&f, at)
	}
	if j.Needs, err = b.needs(ctx, n.Needs, &f); err != nil {
		return Job{}, err
	}
	if err := b.checkParts(ctx, j, &f); err != nil {
		return Job{}, err
	}
	return j, f.Err(fault.Invalid, "%s cannot be recorded like this", words.Noun("job"))
}

const customerOfCaseSQL = `SELECT customer_id, outlet_id FROM cases WHERE id = $1`

// checkPlace notes an asset that stands elsewhere and a case of somebody else.
func (b *Board) checkPlace(ctx context.Context, by who.Actor, j Job, f *fault.Faults) error {
	if j.AssetID != nil {
		asset, err := b.Register.FindAsset(ctx, by, *j.AssetID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if err != nil || asset.SiteID != j.SiteID {
			f.Add("/asset_id", "no such %s at this site", words.Noun("asset"))
		}
	}
	if j.CaseID == nil {
		return nil
	}
	found, err := pg.Query[struct {
		CustomerID uuid.UUID
		OutletID   *uuid.UUID
	}](ctx, b.db, customerOfCaseSQL, j.CaseID)
	switch {
	case err != nil:
		return err
	case len(found) == 0 || !by.Sees(found[0].OutletID):
		f.Add("/case_id", "no such %s", words.Noun("case"))
	case found[0].CustomerID != j.CustomerID:
		f.Add("/case_id", "is another customer's")
	}
	return nil
}

// checkTimes notes a window that is none.
func (j Job) checkTimes(f *fault.Faults) {
	switch {
	case (j.WindowFrom == nil) != (j.WindowTo == nil):
		f.Add("/window", "a window has both ends or neither")
	case j.WindowFrom != nil && !j.WindowTo.After(*j.WindowFrom):
		f.Add("/window/to", "must be after the start of the window")
	case j.WindowFrom != nil && j.WindowTo.Sub(*j.WindowFrom) > horizon:
		f.Add("/window/to", "must be within %d days of the start of the window", int(horizon.Hours()/24))
	}
}

// checkAhead notes times that a person cannot mean: a window that is over, and a due time before it.
func (n NewJob) checkAhead(f *fault.Faults, at time.Time) {
	if n.WindowTo != nil && !n.WindowTo.After(at) {
		f.Add("/window/to", "is past already")
	}
	if n.WindowFrom != nil && n.DueAt != nil && !n.DueOfCase && n.DueAt.Before(*n.WindowFrom) {
		f.Add("/due_at", "must not be before the start of the window")
	}
}

const skillsSQL = `SELECT id, code FROM skills WHERE id = ANY ($1) OR code = ANY ($2)`

// needs finds the skills that are asked for by id or by code.
func (b *Board) needs(ctx context.Context, asked []NewNeed, f *fault.Faults) (Needs, error) {
	needs := make(Needs, 0, len(asked))
	if len(asked) == 0 {
		return needs, nil
	}
	var ids []uuid.UUID
	var codes []string
	for _, n := range asked {
		if n.SkillID != nil {
			ids = append(ids, *n.SkillID)
		} else if !strings.ContainsRune(n.Code, 0) {
			codes = append(codes, n.Code)
		}
	}
	skills, err := pg.Query[Skill](ctx, b.db, skillsSQL, ids, codes)
	if err != nil {
		return nil, err
	}
	seen := map[uuid.UUID]bool{}
	for i, n := range asked {
		at, found := fmt.Sprintf("/needs/%d", i), false
		for _, s := range skills {
			if n.SkillID != nil && *n.SkillID == s.ID || n.SkillID == nil && n.Code == s.Code {
				needs, found = append(needs, Need{s.ID, s.Code, n.Level}), true
				if seen[s.ID] {
					f.Add(at, "is there already")
				}
				seen[s.ID] = true
			}
		}
		if !found {
			f.Add(at, "no such %s", words.Noun("skill"))
		}
	}
	return needs, nil
}

// checkParts notes parts that are not there and things that are asked for twice.
func (b *Board) checkParts(ctx context.Context, j Job, f *fault.Faults) error {
	kinds := map[string]bool{}
	for i, p := range j.Photos {
		if kinds[p.Kind] {
			f.Add(fmt.Sprintf("/photos/%d/kind", i), "is there already")
		}
		kinds[p.Kind] = true
	}
	if len(j.Parts) == 0 {
		return nil
	}
	known, err := b.Stock.Parts(ctx, j.partIDs())
	if err != nil {
		return err
	}
	seen := map[uuid.UUID]bool{}
	for i, p := range j.Parts {
		at := fmt.Sprintf("/parts/%d/part_id", i)
		if _, there := known[p.PartID]; !there {
			f.Add(at, "no such %s", words.Noun("part"))
		}
		if seen[p.PartID] {
			f.Add(at, "is there already")
		}
		seen[p.PartID] = true
	}
	return nil
}

// micro is a moment as Postgres keeps it.
func micro(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC().Truncate(time.Microsecond)
	return &u
}
