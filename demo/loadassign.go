package demo

import "context"

func (l *loader) assign(ctx context.Context, s *Summary) error { return nil }
