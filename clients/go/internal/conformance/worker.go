package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"sync/atomic"
	"time"

	"dueline.dev/go"
)

// worker tells the runner what its handlers and hooks see.
type worker struct {
	name       string
	running    atomic.Int64
	maxRunning atomic.Int64
	worker     *dueline.Worker
	ended      chan struct{}
}

func (p *program) startWorker(c *command) object {
	w := &worker{name: c.Worker, ended: make(chan struct{})}
	w.worker = p.client.NewWorker(dueline.WorkerOptions{
		Queues: c.Queues, Concurrency: c.Concurrency, Lease: ms(c.LeaseMs),
		Heartbeat: ms(c.HeartbeatMs), MaxRunTime: ms(c.MaxRunMs), Hooks: w.hooks(),
	}, w.handle)
	p.mu.Lock()
	p.workers[c.Worker] = w
	p.mu.Unlock()
	go func() {
		err := w.worker.Run(context.Background())
		w.write("ended", object{"error": errorOf(err), "max_running": w.maxRunning.Load()})
		close(w.ended)
	}()
	return object{}
}

func (p *program) stopWorker(c *command) object {
	p.mu.Lock()
	w := p.workers[c.Worker]
	p.mu.Unlock()
	mode := dueline.Wait
	if c.Mode == "give_back" {
		mode = dueline.GiveBack
	}
	ctx, cancel := context.Background(), context.CancelFunc(func() {})
	if c.TimeoutMs > 0 {
		ctx, cancel = context.WithTimeout(ctx, ms(c.TimeoutMs))
	}
	defer cancel()
	// That the time was over is no failure here: what became of the jobs is told by events.
	_ = w.worker.Stop(ctx, mode)
	<-w.ended
	return object{}
}

func (w *worker) write(event string, fields object) {
	fields["event"], fields["worker"] = event, w.name
	write(fields)
}

func (w *worker) hooks() dueline.Hooks {
	return dueline.Hooks{
		Connected:    func(string) { w.write("connected", object{}) },
		Disconnected: func(err error) { w.write("disconnected", object{"error": errorOf(err)}) },
		JobFinished: func(job *dueline.Job, outcome dueline.Outcome, _ time.Duration) {
			w.write("finished",
				object{"job_id": job.ID, "attempt": job.Attempt, "outcome": string(outcome)})
		},
		LeaseLost: func(job *dueline.Job) {
			w.write("lease_lost", object{"job_id": job.ID, "attempt": job.Attempt})
		},
	}
}

func (w *worker) handle(ctx context.Context, job *dueline.Job) error {
	running := w.running.Add(1)
	defer w.running.Add(-1)
	for most := w.maxRunning.Load(); running > most; most = w.maxRunning.Load() {
		w.maxRunning.CompareAndSwap(most, running)
	}
	sum := sha256.Sum256(job.Payload)
	w.write("begun", object{
		"queue": job.Queue, "job_id": job.ID, "attempt": job.Attempt, "running": running,
		"payload_size": len(job.Payload), "payload_sha256": hex.EncodeToString(sum[:]),
	})
	if last, err := strconv.Atoi(job.Attributes["attempts"]); err == nil && job.Attempt > last {
		return nil
	}
	return w.act(ctx, job)
}

// act does what the attributes say.
func (w *worker) act(ctx context.Context, job *dueline.Job) error {
	number, _ := strconv.ParseInt(job.Attributes["ms"], 10, 64)
	message := job.Attributes["message"]
	cancelled := func() { w.write("cancelled", object{"job_id": job.ID, "attempt": job.Attempt}) }
	end := time.After(ms(number))
	switch job.Attributes["do"] {
	case "sleep":
		select {
		case <-end:
		case <-ctx.Done():
			cancelled()
			return ctx.Err()
		}
	case "hang":
		select {
		case <-end:
		case <-ctx.Done():
			cancelled()
			<-end
		}
	case "fail":
		return errors.New(message)
	case "retry":
		return dueline.RetryIn(ms(number))
	case "dead":
		return dueline.Dead(message)
	}
	return nil
}

func (p *program) iterate(ctx context.Context, c *command) (object, error) {
	jobs := []object{}
	options := dueline.WorkerOptions{Queues: c.Queues, Lease: ms(c.LeaseMs), Concurrency: 1}
	for job, err := range p.client.Jobs(ctx, options) {
		if err != nil {
			return nil, err
		}
		if job.Attributes["do"] == "dead" {
			err = job.Dead(ctx, job.Attributes["message"])
		} else {
			err = job.Ack(ctx)
		}
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, object{"job_id": job.ID, "attempt": job.Attempt})
		if len(jobs) == c.Count {
			break
		}
	}
	return object{"jobs": jobs}, nil
}
