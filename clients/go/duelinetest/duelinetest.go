// Package duelinetest runs tests against a real Dueline service whose clock they move: three days
// in milliseconds.
//
//	func TestAReminderComesInThreeDays(t *testing.T) {
//		dev := duelinetest.Start(t)
//		dev.Worker("reminders", remind)
//		placeOrder(dev.Client, "order-17")
//		dev.Advance(72 * time.Hour)
//		dev.AssertDelivered("reminders", "order-17", 1)
//	}
//
// The environment variable DUELINE_DEV names the service: the path of its native binary, or of
// quarkus-run.jar, which takes a java on the PATH. It is started with the first test of a package,
// and ends with the process of the tests, however that ends.
package duelinetest

import (
	"context"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"dueline.dev/go"
	pb "dueline.dev/go/duelinetestingv1"
	"dueline.dev/go/duelinev1"
)

// timeout, in real time, is for a call, and for handlers to end at each event: all that the service
// allows, so that a slow machine fails no test.
const timeout = 60 * time.Second

// Service is a service that a test has for itself. Its methods are for the goroutine of the test,
// and fail it where a call fails.
type Service struct {
	// Address is "host:port", for code that makes a client of its own.
	Address string
	Client  *dueline.Client

	t     testing.TB
	clock pb.ClockServiceClient
	mu    sync.Mutex
	// deliveries are those to its workers, in order.
	deliveries []*dueline.Job
}

// Start has an empty service for a test until that ends: that of an earlier test, or a new one
// where others have them all, as in parallel tests. Its clock is not before that of earlier tests.
func Start(t testing.TB) *Service {
	t.Helper()
	p := take(t)
	s := &Service{Address: p.address, Client: p.client, t: t, clock: p.clock}
	s.Reset()
	return s
}

// call has the answer of the service, or nil where there is no such job.
func call[I, O any](s *Service, method func(context.Context, *I, ...grpc.CallOption) (*O, error), in *I) *O {
	s.t.Helper()
	out, err := method(s.t.Context(), in)
	if err != nil && status.Code(err) != codes.NotFound {
		s.t.Fatal(err)
	}
	return out
}

// Now is the time by the clock of the service.
func (s *Service) Now() time.Time {
	s.t.Helper()
	return call(s, s.clock.GetTime, &pb.GetTimeRequest{}).Time.AsTime()
}

// Reset empties the service, and forgets deliveries. Its clock and its workers stay.
func (s *Service) Reset() {
	s.t.Helper()
	s.mu.Lock()
	s.deliveries = nil
	s.mu.Unlock()
	call(s, s.clock.Reset, &pb.ResetRequest{})
}

// Advance moves the clock on from one event to the next, and lets handlers end at each.
func (s *Service) Advance(by time.Duration) *pb.JobCounts {
	s.t.Helper()
	return s.advance(&pb.AdvanceRequest{Target: &pb.AdvanceRequest_By{By: durationpb.New(by)}})
}

// AdvanceTo is Advance to a time that is not before Now.
func (s *Service) AdvanceTo(to time.Time) *pb.JobCounts {
	s.t.Helper()
	return s.advance(&pb.AdvanceRequest{Target: &pb.AdvanceRequest_To{To: timestamppb.New(to)}})
}

func (s *Service) advance(request *pb.AdvanceRequest) *pb.JobCounts {
	s.t.Helper()
	request.SettleTimeout = durationpb.New(timeout)
	answer := call(s, s.clock.Advance, request)
	if answer.Incomplete {
		s.t.Fatalf("the clock is at %v after %d events", answer.Time.AsTime(), answer.Steps)
	}
	return answer.Jobs
}

// AdvanceToNext moves the clock to the next event, if one comes.
func (s *Service) AdvanceToNext() *pb.JobCounts {
	s.t.Helper()
	request := &pb.AdvanceToNextRequest{SettleTimeout: durationpb.New(timeout)}
	return call(s, s.clock.AdvanceToNext, request).Jobs
}

// Worker works off a queue, one job at a time, until the test ends. It is connected when this
// returns.
func (s *Service) Worker(queue string, handler dueline.Handler) {
	s.t.Helper()
	connected, ended := make(chan string, 1), make(chan error, 1)
	worker := s.Client.NewWorker(dueline.WorkerOptions{
		Queues: []string{queue}, Concurrency: 1,
		Hooks: dueline.Hooks{JobStarted: s.note, Connected: func(id string) {
			select {
			case connected <- id:
			default: // It is connected again.
			}
		}},
	}, handler)
	go func() { ended <- worker.Run(context.Background()) }()
	s.t.Cleanup(func() { _ = worker.Stop(context.Background(), dueline.GiveBack) })
	select {
	case <-connected:
	case err := <-ended:
		s.t.Fatal("the worker ended: ", err)
	}
}

func (s *Service) note(job *dueline.Job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deliveries = append(s.deliveries, job)
}

// AssertScheduled says that a job waits for a time, of which a part of a millisecond counts as one.
func (s *Service) AssertScheduled(queue, id string, due time.Time) {
	s.t.Helper()
	due = due.Add(time.Millisecond - 1).Truncate(time.Millisecond)
	if job := s.job(queue, id); !isPending(job) || !job.DueTime.AsTime().Equal(due) {
		s.t.Errorf("%s/%s is not scheduled for %v: %v", queue, id, due, job)
	}
}

// AssertScheduledIn says that a job waits for so long from when it was stored.
func (s *Service) AssertScheduledIn(queue, id string, delay time.Duration) {
	s.t.Helper()
	job := s.job(queue, id)
	// The time at which it was stored is told without the part of a millisecond that counts.
	off := job.GetDueTime().AsTime().Sub(job.GetCreateTime().AsTime()) - delay
	if !isPending(job) || off < 0 || off > time.Millisecond {
		s.t.Errorf("%s/%s is not scheduled in %v: %v", queue, id, delay, job)
	}
}

// AssertNotScheduled says that a job does not come (again): there is none, or it is dead.
func (s *Service) AssertNotScheduled(queue, id string) {
	s.t.Helper()
	if job := s.job(queue, id); job != nil && job.State != dueline.StateDead {
		s.t.Errorf("%s/%s is scheduled: %v", queue, id, job)
	}
}

// AssertDelivered says how often a job came to workers of this test, and has its deliveries. What
// is due comes before.
func (s *Service) AssertDelivered(queue, id string, times int) []*dueline.Job {
	s.t.Helper()
	s.Advance(0)
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []*dueline.Job
	for _, job := range s.deliveries {
		if job.Queue == queue && job.ID == id {
			found = append(found, job)
		}
	}
	if len(found) != times {
		s.t.Fatalf("%s/%s was delivered %d times, not %d", queue, id, len(found), times)
	}
	return found
}

// job is nil where there is none.
func (s *Service) job(queue, id string) *duelinev1.Job {
	s.t.Helper()
	request := &duelinev1.GetJobRequest{Queue: queue, JobId: id}
	return call(s, s.Client.Scheduler().GetJob, request).GetJob()
}

func isPending(job *duelinev1.Job) bool { return job.GetState() == dueline.StatePending }
