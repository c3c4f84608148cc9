// Driver of asynq.   asynq sched|consume key=value ...
// sched: conc= goroutines of Client.Enqueue with ProcessAt, in both modes, for there is no bulk call.
// consume: one Server, Concurrency conc=; check_ms= between looks for jobs that fell due (its default
// is 5 s), idle_ms= between looks at an empty queue (1 s). Acknowledged = gone from the active list.
// asynq keeps due times in whole seconds, rounded down: a due time is rounded up here, lest it be early.
package main

import (
	"context"
	"sync"
	"time"

	"github.com/hibiken/asynq"

	"peers/bench"
)

const (
	kind  = "bench"
	queue = "default"
)

func main() {
	verb := bench.Verb()
	redis := asynq.RedisClientOpt{Addr: bench.Address()}
	if verb == "sched" {
		sched(redis)
		return
	}
	consume(redis)
}

func sched(redis asynq.RedisClientOpt) {
	conc := int(bench.Num("conc", 64))
	redis.PoolSize = conc
	client := asynq.NewClient(redis)
	defer client.Close()
	bench.Must(client.Ping())
	bench.Schedule(conc, 1, func(jobs []bench.Job) error {
		for _, j := range jobs {
			due := j.Due.Add(time.Second - time.Nanosecond).Truncate(time.Second)
			if _, err := client.Enqueue(asynq.NewTask(kind, []byte(j.Payload)), asynq.ProcessAt(due)); err != nil {
				return err
			}
		}
		return nil
	})
}

func consume(redis asynq.RedisClientOpt) {
	account := bench.NewAccount()
	delivered := make(chan struct{})
	var once sync.Once // two handlers may see that all are delivered
	server := asynq.NewServer(redis, asynq.Config{
		Concurrency:              int(bench.Num("conc", 100)),
		DelayedTaskCheckInterval: bench.Millis("check_ms", 0),
		TaskCheckInterval:        bench.Millis("idle_ms", 0),
		LogLevel:                 asynq.ErrorLevel,
	})
	bench.Must(server.Start(asynq.HandlerFunc(func(_ context.Context, t *asynq.Task) error {
		if account.Delivered(string(t.Payload())) && account.All() {
			once.Do(func() { close(delivered) })
		}
		return nil
	})))
	go func() {
		<-delivered
		awaitAcks(asynq.NewInspector(redis))
		account.AllAcked()
	}()
	account.Await()
}

// awaitAcks waits until nothing is active: the server does not say when a task is done.
func awaitAcks(inspector *asynq.Inspector) {
	for {
		info, err := inspector.GetQueueInfo(queue)
		bench.Must(err)
		if info.Active == 0 {
			return
		}
		time.Sleep(time.Millisecond)
	}
}
