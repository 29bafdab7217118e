-- +goose Up
-- Two rules more: what customers keep, and what is taken back when the work is over.
ALTER TABLE signals DROP CONSTRAINT signals_rule_check;
ALTER TABLE signals ADD CONSTRAINT signals_rule_check CHECK (rule IN ('used_never_issued', 'old_serial_differs', 'returned_twice', 'reappeared',
  'self_dealing', 'used_without_need', 'unusual_consumption', 'return_overdue', 'repeated_variance', 'shortage_unsettled', 'transit_stuck',
  'kept_unusually', 'taken_back_late'));
CREATE INDEX movements_that_reverse ON movements (moved_at) WHERE kind = 'reverse';
CREATE INDEX part_returns_of_uses ON part_returns (created_at) WHERE use_id IS NOT NULL;

-- Whoever counts is blind: every read of stock asks what is being counted.
CREATE INDEX counts_going_on ON counts (id) WHERE status IN ('opened', 'counting', 'recount');
