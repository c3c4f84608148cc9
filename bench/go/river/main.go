// Driver of River, on PostgreSQL.   river sched|consume key=value ...
// single: conc= goroutines of Client.Insert with ScheduledAt; bulk: InsertManyFast (COPY) of batch= jobs.
// consume: one Client; workers=, cooldown_ms= and poll_ms= are MaxWorkers, FetchCooldown and
// FetchPollInterval (100 ms and 1 s by default). Acknowledged = the client says that the job is completed.
package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"peers/bench"
)

// Args is what a job carries.
type Args struct {
	Payload string `json:"payload"`
}

// Kind names the jobs.
func (Args) Kind() string { return "bench" }

type worker struct {
	river.WorkerDefaults[Args]
	account *bench.Account
}

func (w *worker) Work(_ context.Context, job *river.Job[Args]) error {
	w.account.Delivered(job.Args.Payload)
	return nil
}

func main() {
	verb := bench.Verb()
	ctx := context.Background()
	config, err := pgxpool.ParseConfig("postgres://bench@" + bench.Address() + "/bench")
	bench.Must(err)
	config.MaxConns = int32(bench.Num("pool", 32))
	pool, err := pgxpool.NewWithConfig(ctx, config)
	bench.Must(err)
	driver := riverpgxv5.New(pool)
	logger := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: logger})
	bench.Must(err)
	_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	bench.Must(err)
	if verb == "sched" {
		sched(ctx, driver, logger)
		return
	}
	consume(ctx, driver, logger)
}

func sched(ctx context.Context, driver *riverpgxv5.Driver, logger *slog.Logger) {
	client, err := river.NewClient(driver, &river.Config{Logger: logger})
	bench.Must(err)
	if bench.IsBulk() {
		bench.Schedule(int(bench.Num("lanes", 2)), int(bench.Num("batch", 1000)), func(jobs []bench.Job) error {
			many := make([]river.InsertManyParams, len(jobs))
			for i, j := range jobs {
				many[i] = river.InsertManyParams{Args: Args{j.Payload}, InsertOpts: &river.InsertOpts{ScheduledAt: j.Due}}
			}
			_, err := client.InsertManyFast(ctx, many)
			return err
		})
		return
	}
	bench.Schedule(int(bench.Num("conc", 64)), 1, func(jobs []bench.Job) error {
		_, err := client.Insert(ctx, Args{jobs[0].Payload}, &river.InsertOpts{ScheduledAt: jobs[0].Due})
		return err
	})
}

func consume(ctx context.Context, driver *riverpgxv5.Driver, logger *slog.Logger) {
	account := bench.NewAccount()
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{account: account})
	client, err := river.NewClient[pgx.Tx](driver, &river.Config{
		FetchCooldown:     bench.Millis("cooldown_ms", river.FetchCooldownDefault),
		FetchPollInterval: bench.Millis("poll_ms", river.FetchPollIntervalDefault),
		Logger:            logger,
		Queues: map[string]river.QueueConfig{
			river.QueueDefault: {MaxWorkers: int(bench.Num("workers", 100))},
		},
		Workers: workers,
	})
	bench.Must(err)
	// A channel that is full drops events.
	completed, _ := client.SubscribeConfig(&river.SubscribeConfig{
		ChanSize: 100_000, Kinds: []river.EventKind{river.EventKindJobCompleted},
	})
	bench.Must(client.Start(ctx))
	go func() {
		for event := range completed {
			var args Args
			bench.Must(json.Unmarshal(event.Job.EncodedArgs, &args))
			if bench.IsMeasured(args.Payload) {
				account.Acked()
			}
		}
	}()
	account.Await()
}
