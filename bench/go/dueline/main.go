// Driver of clients/go.   dueline sched|consume key=value ...
// single: conc= goroutines of Client.Schedule; bulk: callers= goroutines of one BatchProducer, which
// gathers 500 a call and has four under way.
// consume: one Worker, Concurrency conc=. Acknowledged = the service has said so.
package main

import (
	"context"
	"time"

	"dueline.dev/go"

	"peers/bench"
)

const queue = "bench"

func main() {
	verb := bench.Verb()
	client, err := dueline.Connect(dueline.Options{Targets: []string{bench.Address()}})
	bench.Must(err)
	defer client.Close()
	if verb == "sched" {
		sched(client)
		return
	}
	consume(client)
}

func sched(client *dueline.Client) {
	schedule, lanes := client.Schedule, bench.Num("conc", 64)
	if bench.IsBulk() {
		producer := client.NewBatchProducer()
		defer producer.Close()
		schedule, lanes = producer.Schedule, bench.Num("callers", 2500)
	}
	bench.Schedule(int(lanes), 1, func(jobs []bench.Job) error {
		_, err := schedule(context.Background(), dueline.Request{
			Queue: queue, ID: jobs[0].ID, Payload: []byte(jobs[0].Payload), At: jobs[0].Due,
		})
		return err
	})
}

func consume(client *dueline.Client) {
	account := bench.NewAccount()
	worker := client.NewWorker(dueline.WorkerOptions{
		Queues:      []string{queue},
		Concurrency: int(bench.Num("conc", 1000)),
		Hooks: dueline.Hooks{JobFinished: func(job *dueline.Job, outcome dueline.Outcome, _ time.Duration) {
			if outcome == dueline.Acked && bench.IsMeasured(string(job.Payload)) {
				account.Acked()
			}
		}},
	}, func(_ context.Context, job *dueline.Job) error {
		account.Delivered(string(job.Payload))
		return nil
	})
	go func() { bench.Must(worker.Run(context.Background())) }()
	account.Await()
}
