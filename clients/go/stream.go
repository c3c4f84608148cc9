package dueline

import (
	"context"
	"errors"
	"io"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/durationpb"

	pb "dueline.dev/go/duelinev1"
)

const (
	// heartbeatsMissed is after how many a stream is silent, and left.
	heartbeatsMissed = 3
	// longestStart bounds the wait for Started, for which the service waits for Redis.
	longestStart = 10 * time.Second
)

// silentError ends a stream on which nothing came for so long.
type silentError struct{ silence time.Duration }

func (e *silentError) Error() string { return "nothing came on the stream for " + e.silence.String() }

// stream is one WatchDue call. The worker's mutex guards what changes.
type stream struct {
	credit int
	cancel context.CancelCauseFunc
	// isLive: jobs may still come.
	isLive bool
	// isReplaced: it is being stopped, so that a larger one takes its place.
	isReplaced bool
	token      string
	heard      time.Time
	heartbeat  time.Duration
	started    chan struct{}
	ended      chan struct{}
}

// isSilent says whether its leases may not be extended by the service any more.
func (s *stream) isSilent() bool {
	return time.Since(s.heard) > s.heartbeat*3/2 || isClosed(s.ended)
}

func isClosed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// watch follows one stream to its end.
func (w *Worker) watch(ctx context.Context, s *stream) {
	err := w.receive(ctx, s)
	s.cancel(nil)
	w.mu.Lock()
	s.isLive = false
	close(s.ended)
	delete(w.streams, s)
	w.mu.Unlock()
	if hook := w.options.Hooks.Disconnected; hook != nil {
		hook(err)
	}
	if e := new(Error); errors.As(err, &e) && isFinal(e) {
		w.fail(e)
	}
	w.look()
}

// receive passes on what comes until the stream ends; nil: as it should.
func (w *Worker) receive(ctx context.Context, s *stream) error {
	silence := s.heartbeat * heartbeatsMissed
	watchdog := time.AfterFunc(min(silence, longestStart), func() {
		s.cancel(&silentError{min(silence, longestStart)})
	})
	defer watchdog.Stop()
	watch, err := w.client.scheduler.WatchDue(ctx, &pb.WatchDueRequest{
		Queues: w.options.Queues, WatcherId: w.options.Name,
		MaxOutstandingJobs: int32(s.credit), AutoExtend: true,
		LeaseDuration:     durationpb.New(w.options.Lease),
		HeartbeatInterval: durationpb.New(w.options.Heartbeat),
	})
	for err == nil {
		var event *pb.WatchDueResponse
		if event, err = watch.Recv(); err == nil {
			watchdog.Reset(silence)
			w.take(s, event)
		}
	}
	var silent *silentError
	switch cause := context.Cause(ctx); {
	case errors.As(cause, &silent):
		return &Error{Code: codes.Unavailable, Reason: "SILENT", Message: silent.Error(), cause: silent}
	case errors.Is(cause, ErrStopped), errors.Is(err, io.EOF):
		return nil
	default:
		return errorOf(ctx, err)
	}
}

func (w *Worker) take(s *stream, event *pb.WatchDueResponse) {
	w.mu.Lock()
	s.heard = time.Now()
	if event.GetDueJobs() != nil || event.GetHeartbeat() != nil {
		w.opened = 0
	}
	if event.GetDraining() != nil {
		s.isLive = false
	}
	w.mu.Unlock()
	switch {
	case event.GetStarted() != nil:
		s.token = event.GetStarted().WatchToken
		close(s.started)
		tell(w.options.Hooks.Connected, event.GetStarted().WatcherId)
	case event.GetDueJobs() != nil:
		for _, job := range event.GetDueJobs().Jobs {
			w.deliver(s, job)
		}
	case event.GetLostLeases() != nil:
		for _, lease := range event.GetLostLeases().Leases {
			w.mu.Lock()
			d := w.deliveries[lease.LeaseToken]
			w.mu.Unlock()
			if d != nil {
				w.lose(d)
			}
		}
	case event.GetDraining() != nil:
		w.look()
	}
}

// retire has the jobs of a stream count, and not its credit.
func (w *Worker) retire(s *stream) {
	w.mu.Lock()
	s.isLive = false
	w.mu.Unlock()
	w.look()
}

func (w *Worker) stopStream(s *stream) {
	w.retire(s)
	w.stopWatch(s)
	w.look()
}

// stopWatch has the service give no more jobs to a stream, which then ends with the last of its
// leases. Where the service cannot be told, the stream ends at once.
func (w *Worker) stopWatch(s *stream) {
	select {
	case <-s.ended:
		return
	case <-s.started:
	}
	outcome, err := call(context.Background(), w.client, "StopWatch", true, w.stopCall(s.token))
	if err != nil || outcome != pb.StopWatchOutcome_STOP_WATCH_OUTCOME_STOPPING {
		s.cancel(ErrStopped)
		<-s.ended
	}
}

// stopCall is one try to stop a watch. A replica that has no answer from the one that holds the
// watch counts as unavailable: another may get one.
func (w *Worker) stopCall(token string) func(context.Context) (pb.StopWatchOutcome, error) {
	return func(ctx context.Context) (pb.StopWatchOutcome, error) {
		answer, err := w.client.scheduler.StopWatch(ctx, &pb.StopWatchRequest{WatchToken: token})
		outcome := answer.GetOutcome()
		if outcome == pb.StopWatchOutcome_STOP_WATCH_OUTCOME_UNANSWERED {
			err = &Error{Code: codes.Unavailable, Reason: "UNANSWERED", Message: "the watch's replica does not answer"}
		}
		return outcome, err
	}
}
