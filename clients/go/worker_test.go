package dueline

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// running is a worker whose Run has been begun.
type running struct {
	*Worker
	ended    chan error
	outcomes chan Outcome
}

func run(t *testing.T, client *Client, options WorkerOptions, handler Handler) *running {
	t.Helper()
	r := &running{ended: make(chan error, 1), outcomes: make(chan Outcome, 100)}
	options.Queues = []string{"q"}
	options.Hooks.JobFinished = func(_ *Job, o Outcome, _ time.Duration) { r.outcomes <- o }
	r.Worker = client.NewWorker(options, handler)
	go func() { r.ended <- r.Run(context.Background()) }()
	t.Cleanup(func() { _ = r.Stop(context.Background(), GiveBack) })
	return r
}

func receive[T any](t *testing.T, c <-chan T) T {
	t.Helper()
	select {
	case value := <-c:
		return value
	case <-time.After(testTime):
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

func TestTheResultDecides(t *testing.T) {
	s, client := start(t)
	w := run(t, client, WorkerOptions{}, func(_ context.Context, job *Job) error {
		switch job.ID {
		case "retry":
			return fmt.Errorf("later: %w", RetryIn(time.Minute))
		case "dead":
			return Dead("no such user")
		case "fail":
			return errors.New("broken")
		case "panic":
			panic("oops")
		}
		return nil
	})
	for id, want := range map[string]Outcome{
		"ok": Acked, "retry": Nacked, "dead": Died, "fail": Nacked, "panic": Nacked,
	} {
		s.deliver(id)
		if got := receive(t, w.outcomes); got != want {
			t.Errorf("%s: %s", id, got)
		}
	}
	check(t, w.Stop(context.Background(), Wait))
	check(t, receive(t, w.ended))
	if len(s.acked) != 1 || s.acked[0] != "ok" || len(s.nacked) != 4 {
		t.Fatal(s.acked, s.nacked)
	}
	for _, n := range s.nacked {
		switch n.LeaseTokens[0] {
		case "retry":
			if n.Delay.AsDuration() != time.Minute || n.Dead || n.Reason != "later: retry in 1m0s" {
				t.Error(n)
			}
		case "dead":
			if !n.Dead || n.Reason != "no such user" {
				t.Error(n)
			}
		case "fail":
			if n.Delay != nil || n.Reason != "broken" {
				t.Error(n)
			}
		case "panic":
			if !strings.Contains(n.Reason, "oops") {
				t.Error(n)
			}
		}
	}
}

func TestAcksAreRepeatedUntilAnswered(t *testing.T) {
	s, client := start(t)
	s.failures <- unavailable(time.Millisecond)
	s.failures <- status.Error(codes.ResourceExhausted, "too many calls")
	w := run(t, client, WorkerOptions{}, func(context.Context, *Job) error { return nil })
	s.deliver("a")
	if outcome := receive(t, w.outcomes); outcome != Acked {
		t.Fatal(outcome)
	}
}

func TestARefusalEndsRun(t *testing.T) {
	s, client := start(t)
	s.watchFailures <- status.Error(codes.Unauthenticated, "who are you")
	w := run(t, client, WorkerOptions{}, func(context.Context, *Job) error { return nil })
	if err := receive(t, w.ended); status.Code(err) != codes.Unauthenticated {
		t.Fatal(err)
	}
}

func TestABrokenStreamIsReplacedByOneWithTheRoomThatIsLeft(t *testing.T) {
	s, client := start(t)
	s.watchFailures <- unavailable(0)
	end := make(chan struct{})
	w := run(t, client, WorkerOptions{Concurrency: 3, Lease: time.Second},
		func(context.Context, *Job) error { <-end; return nil })
	s.deliver("a", "b")
	eventually(t, "both run", func() bool { return len(w.slots) == 2 })
	s.watchFailures <- unavailable(0)
	eventually(t, "leases are extended", func() bool {
		return locked(s, func() bool { return len(s.extended) >= 2 })
	})
	eventually(t, "another stream", func() bool {
		return locked(s, func() bool { return len(s.watches) == 3 })
	})
	if credit := s.watches[2].MaxOutstandingJobs; credit != 1 {
		t.Error("credit of the new stream: ", credit)
	}
	close(end)
	eventually(t, "the rest is asked for", func() bool {
		return locked(s, func() bool {
			credit := int32(0)
			for _, watch := range s.watches[2:] {
				credit += watch.MaxOutstandingJobs
			}
			return credit == 3
		})
	})
}

func TestALostLeaseEndsItsHandler(t *testing.T) {
	s, client := start(t)
	cause := make(chan error, 1)
	w := run(t, client, WorkerOptions{}, func(ctx context.Context, _ *Job) error {
		<-ctx.Done()
		cause <- context.Cause(ctx)
		return nil
	})
	s.deliver("a")
	eventually(t, "it runs", func() bool { return len(w.slots) == 1 })
	s.lose("a")
	if err := receive(t, cause); !errors.Is(err, ErrLeaseLost) {
		t.Error(err)
	}
	if outcome := receive(t, w.outcomes); outcome != Lost {
		t.Error(outcome)
	}
	check(t, w.Stop(context.Background(), Wait))
	if len(s.acked) > 0 || len(s.nacked) > 0 {
		t.Error(s.acked, s.nacked)
	}
}

func TestAHandlerThatHangsUsesItsSlot(t *testing.T) {
	s, client := start(t)
	end := make(chan struct{})
	var most, now atomic.Int32
	w := run(t, client, WorkerOptions{Concurrency: 1, MaxRunTime: 10 * time.Millisecond},
		func(_ context.Context, job *Job) error {
			defer now.Add(-1)
			most.Store(max(most.Load(), now.Add(1)))
			if job.ID == "a" {
				<-end
			}
			return nil
		})
	s.deliver("a")
	if outcome := receive(t, w.outcomes); outcome != Nacked {
		t.Error(outcome)
	}
	s.deliver("b")
	eventually(t, "it is given back", func() bool {
		return locked(s, func() bool { return len(s.nacked) == 2 })
	})
	if n := s.nacked[1]; !n.Uncounted || n.Delay == nil {
		t.Error(n)
	}
	close(end)
	eventually(t, "another stream", func() bool {
		return locked(s, func() bool { return len(s.watches) == 2 })
	})
	s.deliver("c")
	if outcome := receive(t, w.outcomes); outcome != Acked || most.Load() != 1 {
		t.Error(outcome, most.Load())
	}
}

func TestStopGivesBackWhatHangs(t *testing.T) {
	s, client := start(t)
	end := make(chan struct{})
	defer close(end)
	w := run(t, client, WorkerOptions{}, func(ctx context.Context, job *Job) error {
		<-ctx.Done()
		if job.ID == "hangs" {
			<-end
		}
		if job.ID == "done" {
			return nil
		}
		return ctx.Err()
	})
	s.deliver("hangs", "ends", "done")
	eventually(t, "all run", func() bool { return len(w.slots) == 3 })
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if err := w.Stop(ctx, Wait); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	check(t, receive(t, w.ended))
	if len(s.acked) != 1 || s.acked[0] != "done" {
		t.Error(s.acked)
	}
	for _, n := range s.nacked {
		if !n.Uncounted {
			t.Error(n)
		}
	}
}

func TestJobsAreSettledByWhoIterates(t *testing.T) {
	s, client := start(t)
	s.deliver("a", "b", "c")
	ctx := context.Background()
	for job, err := range client.Jobs(ctx, WorkerOptions{Queues: []string{"q"}, Concurrency: 3}) {
		check(t, err)
		if job.ID != "b" {
			check(t, job.Ack(ctx))
		} else {
			check(t, job.Dead(ctx, "over"))
		}
		if locked(s, func() bool { return len(s.acked) == 2 && len(s.nacked) == 1 }) {
			break
		}
	}
	if s.nacked[0].LeaseTokens[0] != "b" || !s.nacked[0].Dead {
		t.Error(s.nacked)
	}
}

func TestAHandlerThatRunsTooLongMayStillSucceed(t *testing.T) {
	s, client := start(t)
	w := run(t, client, WorkerOptions{MaxRunTime: 10 * time.Millisecond},
		func(ctx context.Context, job *Job) error {
			<-ctx.Done()
			if job.ID == "fails" {
				return ctx.Err()
			}
			return nil
		})
	for id, want := range map[string]Outcome{"succeeds": Acked, "fails": Nacked} {
		s.deliver(id)
		if outcome := receive(t, w.outcomes); outcome != want {
			t.Errorf("%s: %s", id, outcome)
		}
	}
	if reason := s.nacked[0].Reason; reason != "ran longer than 10ms" {
		t.Error(reason)
	}
}

func TestManySmallStreamsMakePlaceForALargerOne(t *testing.T) {
	s, client := start(t)
	w := client.NewWorker(WorkerOptions{Queues: []string{"q"}, Concurrency: 8}, nil)
	for range maxStreams {
		w.open(t.Context(), 1)
	}
	eventually(t, "the streams are there", func() bool {
		return locked(s, func() bool { return len(s.watches) == maxStreams })
	})
	go func() { _ = w.Run(context.Background()) }()
	eventually(t, "all is asked for", func() bool {
		return locked(s, func() bool {
			return len(s.watches) == maxStreams+1 && s.watches[maxStreams].MaxOutstandingJobs == 5
		})
	})
	check(t, w.Stop(context.Background(), Wait))
}

func TestNoHandlerBeginsOnceJobsAreGivenBack(t *testing.T) {
	_, client := start(t)
	w := client.NewWorker(WorkerOptions{Concurrency: 100}, nil)
	w.beginGivingBack()
	for range 100 {
		d := &delivery{ctx: context.Background()}
		if w.takeSlot(d) || len(w.slots) > 0 {
			t.Fatal("it has a slot")
		}
	}
}

func TestAWorkerMayBeStoppedBeforeItRuns(t *testing.T) {
	_, client := start(t)
	w := client.NewWorker(WorkerOptions{}, nil)
	for range 2 {
		check(t, w.Stop(context.Background(), Wait))
	}
	if err := w.Run(context.Background()); status.Code(err) != codes.InvalidArgument {
		t.Error(err)
	}
}
