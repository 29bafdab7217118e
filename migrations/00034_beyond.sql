-- +goose Up
-- Two rules more: old parts that customers keep without a seal, and more used on a job than it needs.
ALTER TABLE signals DROP CONSTRAINT signals_rule_check;
ALTER TABLE signals ADD CONSTRAINT signals_rule_check CHECK (rule IN ('used_never_issued', 'old_serial_differs', 'returned_twice', 'reappeared',
  'self_dealing', 'used_without_need', 'unusual_consumption', 'return_overdue', 'repeated_variance', 'shortage_unsettled', 'transit_stuck',
  'kept_unusually', 'taken_back_late', 'vendor_silent', 'place_variance', 'large_variance', 'written_off', 'witness_pair', 'kept_unsealed',
  'used_beyond_need'));
