package dueline

import (
	"context"
	"sync"
	"time"
)

// Stop ends a worker and returns when Run has ended. Acks are sent in either mode. With Wait, jobs
// that handlers do not end before the context does are given back; the error is then that of the
// context.
func (w *Worker) Stop(ctx context.Context, mode StopMode) error {
	if !w.hasRun.Swap(true) {
		close(w.ended)
		return nil
	}
	w.ask.Do(func() { close(w.asked) })
	w.stop.Do(func() { close(w.stopping) })
	if mode == GiveBack {
		w.beginGivingBack()
	}
	select {
	case <-w.ended:
		return nil
	case <-ctx.Done():
		w.beginGivingBack()
	}
	<-w.ended
	return ctx.Err()
}

func (w *Worker) beginGivingBack() { w.give.Do(func() { close(w.givingBack) }) }

// windDown lets handlers end, or cancels them, and leaves the streams last: those jobs that are on
// their way must come.
func (w *Worker) windDown() {
	stopped := w.stopStreams()
	timeout := time.After(w.options.StopTimeout)
	if isClosed(w.asked) {
		timeout = nil // The context of Stop counts.
	}
	if !w.await(w.isIdle, timeout, w.givingBack) {
		w.beginGivingBack()
		w.giveBackAll(stopped)
	}
	w.mu.Lock()
	for s := range w.streams {
		s.cancel(ErrStopped)
	}
	w.mu.Unlock()
	w.await(func() bool { return len(w.streams) == 0 }, time.After(flushWait), nil)
}

func (w *Worker) giveBackAll(stopped <-chan struct{}) {
	select {
	case <-stopped: // Or jobs that are given back would come again.
	case <-time.After(w.client.options.AttemptTimeout):
	}
	for _, d := range w.undecided() {
		d.cancel(ErrStopped)
	}
	w.await(func() bool { return len(w.undecidedLocked()) == 0 }, time.After(cancelWait), nil)
	for _, d := range w.undecided() {
		d.cancel(ErrStopped)
		w.decide(d, giveBack)
	}
	w.await(w.isIdle, time.After(flushWait), nil)
}

func (w *Worker) stopStreams() <-chan struct{} {
	var all sync.WaitGroup
	w.mu.Lock()
	for s := range w.streams {
		s.isLive = false
		all.Go(func() { w.stopStream(s) })
	}
	w.mu.Unlock()
	stopped := make(chan struct{})
	go func() {
		all.Wait()
		close(stopped)
	}()
	return stopped
}

// await returns true once the condition holds, which is called with the mutex held, and false if
// one of the channels comes first.
func (w *Worker) await(condition func() bool, timeout <-chan time.Time, end <-chan struct{}) bool {
	for {
		w.mu.Lock()
		holds := condition()
		w.mu.Unlock()
		if holds {
			return true
		}
		select {
		case <-w.changed:
		case <-timeout:
			return false
		case <-end:
			return false
		}
	}
}

// isIdle: no job is unsettled, and none can come.
func (w *Worker) isIdle() bool {
	for _, d := range w.deliveries {
		if !d.isSettled {
			return false
		}
	}
	return len(w.streams) == 0
}

func (w *Worker) undecided() []*delivery {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.undecidedLocked()
}

func (w *Worker) undecidedLocked() []*delivery {
	var list []*delivery
	for _, d := range w.deliveries {
		if !d.isDecided {
			list = append(list, d)
		}
	}
	return list
}
