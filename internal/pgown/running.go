package pgown

import (
	"context"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
)

// addressFile tells other commands of the same user where the server of a folder answers.
const addressFile = "address"

// Running returns the address of the Postgres that another Callout runs in a folder, if one answers there.
func Running(ctx context.Context, dir string) (url string, running bool) {
	home, err := os.OpenRoot(dir)
	if err != nil {
		return "", false
	}
	defer func() { _ = home.Close() }()
	b, err := home.ReadFile(addressFile)
	if err != nil || !alive(number(home, "owner")) {
		return "", false
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, string(b))
	if err != nil {
		return "", false
	}
	_ = conn.Close(ctx)
	return string(b), true
}
