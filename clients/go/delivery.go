package dueline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	pb "dueline.dev/go/duelinev1"
)

// slotWait is how long a job waits for a handler that is about to end, before it is given back.
const slotWait = time.Second

// delivery is a job from its coming to both the end of its handler and the answer to its verdict.
// The worker's mutex guards what changes.
type delivery struct {
	job    *Job
	stream *stream
	ctx    context.Context
	cancel context.CancelCauseFunc
	began  time.Time
	// isDecided: nothing that the handler returns counts any more.
	isDecided bool
	isRunning bool
	isSettled bool
	isLost    bool
	// extended is when this worker, and not its stream, last had the lease extended.
	extended time.Time
	outcome  Outcome
	done     chan struct{}
}

func (d *delivery) token() string { return d.job.Message.LeaseToken }

// isUsingSlot says whether the slot is not one that the stream's credit stands for.
func (d *delivery) isUsingSlot() bool {
	if d.stream.isLive {
		return d.isDecided && d.isRunning
	}
	return d.isRunning || !d.isSettled
}

func (w *Worker) deliver(s *stream, m *pb.DueJob) {
	d := &delivery{job: jobOf(m), stream: s, done: make(chan struct{})}
	d.job.delivery = d
	d.ctx, d.cancel = context.WithCancelCause(w.values)
	w.mu.Lock()
	w.deliveries[m.LeaseToken] = d
	w.mu.Unlock()
	go w.work(d)
}

func (w *Worker) work(d *delivery) {
	defer d.cancel(nil)
	if !w.takeSlot(d) {
		w.decide(d, giveBack)
		return
	}
	tell(w.options.Hooks.JobStarted, d.job)
	limit := time.AfterFunc(w.options.MaxRunTime, func() {
		d.cancel(ErrRanTooLong)
		time.AfterFunc(cancelWait, func() { w.decide(d, ranTooLong(w.options.MaxRunTime)) })
	})
	err := handle(d.ctx, w.handler, d.job)
	limit.Stop()
	w.mu.Lock()
	d.isRunning = false
	<-w.slots
	isLost := d.isLost
	w.forget(d)
	w.mu.Unlock()
	if isLost {
		w.settled(d, Lost)
	}
	v := verdictOf(d.ctx, err)
	if err != nil && errors.Is(context.Cause(d.ctx), ErrRanTooLong) {
		v = ranTooLong(w.options.MaxRunTime)
	}
	w.decide(d, v)
}

func ranTooLong(limit time.Duration) verdict {
	return verdict{outcome: Nacked, reason: fmt.Sprintf("ran longer than %s", limit)}
}

// takeSlot waits shortly for a handler to end. Where all go on although their jobs are over, the
// stream asks for more than there is room for: it is replaced by one that asks for less.
func (w *Worker) takeSlot(d *delivery) bool {
	timer := time.NewTimer(slotWait)
	defer timer.Stop()
	select {
	case w.slots <- struct{}{}:
	case <-timer.C:
		w.stopStream(d.stream)
		return false
	case <-d.ctx.Done():
		return false
	case <-w.givingBack:
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if d.isDecided || isClosed(w.givingBack) {
		<-w.slots
		return false
	}
	d.isRunning, d.began = true, time.Now()
	return true
}

// decide sends a verdict, if it is the first.
func (w *Worker) decide(d *delivery, v verdict) {
	w.mu.Lock()
	isFirst := !d.isDecided
	d.isDecided = true
	w.mu.Unlock()
	if isFirst {
		w.settler.in <- settlement{d, v}
	}
}

// lose ends a delivery whose lease is over: its handler is told, and counts until it ends.
func (w *Worker) lose(d *delivery) {
	w.mu.Lock()
	isNews, isRunning := !d.isDecided, d.isRunning
	d.isDecided = true
	d.isLost = d.isLost || isNews
	w.mu.Unlock()
	if !isNews {
		return // The answer to its verdict tells.
	}
	tell(w.options.Hooks.LeaseLost, d.job)
	d.cancel(ErrLeaseLost)
	if !isRunning {
		w.settled(d, Lost)
	}
}

// settled notes what became of a delivery, once.
func (w *Worker) settled(d *delivery, outcome Outcome) {
	w.mu.Lock()
	isNews := !d.isSettled
	d.isDecided, d.isSettled = true, true
	w.forget(d)
	w.mu.Unlock()
	if isNews {
		if hook := w.options.Hooks.JobFinished; hook != nil && !d.began.IsZero() {
			hook(d.job, outcome, time.Since(d.began))
		}
		d.outcome = outcome
		close(d.done)
	}
}

// forget is called with the mutex held, where a handler has ended, or a job is settled.
func (w *Worker) forget(d *delivery) {
	if d.isDecided || !d.stream.isLive {
		w.look()
	}
	if d.isSettled && !d.isRunning {
		delete(w.deliveries, d.token())
	}
}

// extendLeases goes on for leases that no stream extends any more, or none that is heard of, until
// the context ends.
func (w *Worker) extendLeases(ctx context.Context) {
	tick := time.NewTicker(max(w.options.Lease/12, 50*time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			w.extend(ctx, w.leasesToExtend())
		case <-ctx.Done():
			return
		}
	}
}

func (w *Worker) leasesToExtend() []*delivery {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []*delivery
	for _, d := range w.deliveries {
		if !d.isDecided && d.stream.isSilent() &&
			time.Since(d.extended) >= w.options.Lease/3 && len(list) < settleTokens {
			list = append(list, d)
		}
	}
	return list
}

func (w *Worker) extend(ctx context.Context, list []*delivery) {
	if len(list) == 0 {
		return
	}
	request := &pb.ExtendLeaseRequest{LeaseDuration: durationpb.New(w.options.Lease)}
	for _, d := range list {
		request.LeaseTokens = append(request.LeaseTokens, d.token())
	}
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, w.options.Lease/3)
	defer cancel()
	answer, err := call(ctx, w.client, "ExtendLease", true,
		func(ctx context.Context) (*pb.ExtendLeaseResponse, error) {
			return w.client.scheduler.ExtendLease(ctx, request)
		})
	for i, d := range list {
		isOK := err == nil && i < len(answer.Outcomes) &&
			answer.Outcomes[i] == pb.LeaseOutcome_LEASE_OUTCOME_OK
		w.mu.Lock()
		if isOK {
			d.extended = began
		}
		w.mu.Unlock()
		if err == nil && !isOK || w.isLeaseOver(d) {
			w.lose(d)
		}
	}
}

// isLeaseOver judges by when this worker had the lease extended, or heard of the stream that does.
func (w *Worker) isLeaseOver(d *delivery) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Since(d.extended) > w.options.Lease && time.Since(d.stream.heard) > w.options.Lease
}
