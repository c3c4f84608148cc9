package dueline

import (
	"context"
	"errors"
	"iter"
	"time"
)

// Leased is a job of Client.Jobs, to be settled by one of its methods.
type Leased struct {
	*Job
	// Context ends as that of a handler does.
	Context context.Context
	verdict chan error
}

// Jobs has due jobs for who wants no handler; up to options.Concurrency may be unsettled, and each
// for options.MaxRunTime. It ends with an error that the service refuses with, or without one when
// the context ends and what was leased is settled. Jobs that are unsettled when the loop is left
// are given back.
//
//	for job, err := range client.Jobs(ctx, dueline.WorkerOptions{Queues: []string{"mail"}}) {
//		if err != nil { return err }
//		…
//		err = job.Ack(ctx)
//	}
func (c *Client) Jobs(ctx context.Context, options WorkerOptions) iter.Seq2[*Leased, error] {
	return func(yield func(*Leased, error) bool) {
		jobs := make(chan *Leased)
		worker := c.NewWorker(options, func(ctx context.Context, job *Job) error {
			leased := &Leased{job, ctx, make(chan error)}
			select {
			case jobs <- leased:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
			select {
			case err := <-leased.verdict:
				return err
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		})
		ended := make(chan error, 1)
		go func() { ended <- worker.Run(ctx) }()
		defer worker.Stop(context.Background(), GiveBack)
		for {
			select {
			case job := <-jobs:
				if !yield(job, nil) {
					return
				}
			case err := <-ended:
				if err != nil {
					yield(nil, err)
				}
				return
			}
		}
	}
}

// Ack reports the job as done. ErrLeaseLost: it is not this caller's any more, and comes again
// unless it was settled before.
func (l *Leased) Ack(ctx context.Context) error { return l.settle(ctx, nil) }

// RetryIn has the job delivered again after a delay.
func (l *Leased) RetryIn(ctx context.Context, delay time.Duration) error {
	return l.settle(ctx, RetryIn(delay))
}

// Dead puts the job among the dead.
func (l *Leased) Dead(ctx context.Context, reason string) error { return l.settle(ctx, Dead(reason)) }

// Fail leaves the job to its retry policy.
func (l *Leased) Fail(ctx context.Context, reason string) error {
	return l.settle(ctx, errors.New(reason))
}

func (l *Leased) settle(ctx context.Context, verdict error) error {
	select {
	case l.verdict <- verdict:
	case <-l.delivery.done:
	case <-l.Context.Done():
		return context.Cause(l.Context)
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-l.delivery.done:
	case <-ctx.Done():
		return ctx.Err()
	}
	if l.delivery.outcome == Lost || l.delivery.outcome == Unsettled {
		return ErrLeaseLost
	}
	return nil
}
