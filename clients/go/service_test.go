package dueline

import (
	"context"
	"fmt"
	"net"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"

	pb "dueline.dev/go/duelinev1"
)

// testTime is how long a test waits for what must happen.
const testTime = 20 * time.Second

// service plays one replica: it delivers what a test hands it, and notes what it is told.
type service struct {
	pb.UnimplementedSchedulerServiceServer
	// failures are answered first, one a call.
	failures chan error
	// watchFailures are how the first streams end.
	watchFailures chan error
	events        chan *pb.WatchDueResponse

	mu        sync.Mutex
	stops     map[string]func()
	scheduled []*pb.ScheduleRequest
	batches   []int
	watches   []*pb.WatchDueRequest
	acked     []string
	nacked    []*pb.NackRequest
	extended  []string
}

// start runs a service, and has a client of it.
func start(t *testing.T) (*service, *Client) {
	t.Helper()
	s := &service{
		failures: make(chan error, 10), watchFailures: make(chan error, 10),
		events: make(chan *pb.WatchDueResponse, 100), stops: map[string]func(){},
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	server := grpc.NewServer()
	pb.RegisterSchedulerServiceServer(server, s)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	client, err := Connect(Options{
		Targets: []string{listener.Addr().String()}, CallTimeout: testTime, AttemptTimeout: testTime,
	})
	check(t, err)
	t.Cleanup(func() { _ = client.Close() })
	return s, client
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// eventually waits for what others are about to do.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for end := time.Now().Add(testTime); !condition(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("did not happen: ", what)
		}
	}
}

func (s *service) failure() error {
	select {
	case err := <-s.failures:
		return err
	default:
		return nil
	}
}

// locked has what a function reads of the notes.
func locked[T any](s *service, read func() T) T {
	s.mu.Lock()
	defer s.mu.Unlock()
	return read()
}

func (s *service) Schedule(_ context.Context, r *pb.ScheduleRequest) (*pb.ScheduleResponse, error) {
	s.mu.Lock()
	s.scheduled = append(s.scheduled, r)
	s.mu.Unlock()
	return &pb.ScheduleResponse{JobId: r.JobId, Outcome: Created}, s.failure()
}

func (s *service) BatchSchedule(_ context.Context, r *pb.BatchScheduleRequest) (*pb.BatchScheduleResponse, error) {
	s.mu.Lock()
	s.batches = append(s.batches, len(r.Requests))
	s.mu.Unlock()
	answer := &pb.BatchScheduleResponse{}
	for _, one := range r.Requests {
		result := &pb.BatchScheduleResult{}
		if one.JobId == "taken" {
			result.Result = &pb.BatchScheduleResult_Error{
				Error: &pb.ItemError{Code: int32(codes.AlreadyExists), Reason: "JOB_EXISTS"}}
		} else {
			result.Result = &pb.BatchScheduleResult_Response{
				Response: &pb.ScheduleResponse{JobId: one.JobId}}
		}
		answer.Results = append(answer.Results, result)
	}
	return answer, s.failure()
}

func (s *service) WatchDue(r *pb.WatchDueRequest, stream grpc.ServerStreamingServer[pb.WatchDueResponse]) error {
	s.mu.Lock()
	s.watches = append(s.watches, r)
	token, stopped := fmt.Sprint(len(s.watches)), make(chan struct{})
	s.stops[token] = sync.OnceFunc(func() { close(stopped) })
	s.mu.Unlock()
	select {
	case err := <-s.watchFailures:
		return err
	default:
	}
	started := &pb.Started{WatchToken: token}
	err := stream.Send(&pb.WatchDueResponse{Event: &pb.WatchDueResponse_Started{Started: started}})
	for err == nil {
		select {
		case event := <-s.events:
			err = stream.Send(event)
		case err := <-s.watchFailures:
			return err
		case <-stopped:
			return nil
		case <-stream.Context().Done():
			return stream.Context().Err()
		}
	}
	return err
}

// StopWatch ends the stream at once: the tests stop when no job is out, or is given back.
func (s *service) StopWatch(_ context.Context, r *pb.StopWatchRequest) (*pb.StopWatchResponse, error) {
	locked(s, func() func() { return s.stops[r.WatchToken] })()
	return &pb.StopWatchResponse{Outcome: pb.StopWatchOutcome_STOP_WATCH_OUTCOME_STOPPING}, nil
}

func (s *service) Ack(_ context.Context, r *pb.AckRequest) (*pb.AckResponse, error) {
	if err := s.failure(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.acked = append(s.acked, r.LeaseTokens...)
	s.mu.Unlock()
	return &pb.AckResponse{Outcomes: allOK(r.LeaseTokens)}, nil
}

func (s *service) Nack(_ context.Context, r *pb.NackRequest) (*pb.NackResponse, error) {
	s.mu.Lock()
	s.nacked = append(s.nacked, r)
	s.mu.Unlock()
	return &pb.NackResponse{Outcomes: allOK(r.LeaseTokens)}, nil
}

func (s *service) ExtendLease(_ context.Context, r *pb.ExtendLeaseRequest) (*pb.ExtendLeaseResponse, error) {
	s.mu.Lock()
	s.extended = append(s.extended, r.LeaseTokens...)
	s.mu.Unlock()
	return &pb.ExtendLeaseResponse{Outcomes: allOK(r.LeaseTokens)}, nil
}

func allOK(tokens []string) []pb.LeaseOutcome {
	outcomes := make([]pb.LeaseOutcome, len(tokens))
	for i := range outcomes {
		outcomes[i] = pb.LeaseOutcome_LEASE_OUTCOME_OK
	}
	return outcomes
}

// deliver has a stream bring jobs whose lease tokens are their ids.
func (s *service) deliver(ids ...string) {
	due := &pb.DueJobs{}
	for _, id := range ids {
		due.Jobs = append(due.Jobs, &pb.DueJob{Queue: "q", JobId: id, LeaseToken: id, Attempt: 1})
	}
	s.events <- &pb.WatchDueResponse{Event: &pb.WatchDueResponse_DueJobs{DueJobs: due}}
}

func (s *service) lose(id string) {
	lost := &pb.LostLeases{Leases: []*pb.LostLease{{LeaseToken: id}}}
	s.events <- &pb.WatchDueResponse{Event: &pb.WatchDueResponse_LostLeases{LostLeases: lost}}
}

func unavailable(retryAfter time.Duration) error {
	s, err := status.New(codes.Unavailable, "away").WithDetails(retryInfo(durationpb.New(retryAfter)))
	if err != nil {
		panic(err)
	}
	return s.Err()
}
