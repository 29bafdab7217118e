-- +goose Up
-- What nobody counted and is left as the books have it stands in the count: who said so, why, and
-- what the books had (expected) at that moment. It is not counted.
ALTER TABLE count_lines ADD COLUMN kept_reason text CHECK (kept_reason ~ '\S'), ADD COLUMN kept_by uuid;
ALTER TABLE count_lines DROP CONSTRAINT counted_against_the_books;
ALTER TABLE count_lines ADD CONSTRAINT counted_against_the_books CHECK (
  (counted IS NULL) = (counted_at IS NULL) AND (expected IS NULL) = (counted IS NULL AND kept_reason IS NULL));
ALTER TABLE count_lines ADD CONSTRAINT counted_or_kept CHECK (counted IS NULL OR kept_reason IS NULL);

-- Four rules more: losses of a warehouse, and what persons write off.
ALTER TABLE signals DROP CONSTRAINT signals_rule_check;
ALTER TABLE signals ADD CONSTRAINT signals_rule_check CHECK (rule IN ('used_never_issued', 'old_serial_differs', 'returned_twice', 'reappeared',
  'self_dealing', 'used_without_need', 'unusual_consumption', 'return_overdue', 'repeated_variance', 'shortage_unsettled', 'transit_stuck',
  'kept_unusually', 'taken_back_late', 'vendor_silent', 'place_variance', 'large_variance', 'written_off', 'witness_pair'));
