package dueline

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
)

func retryInfo(delay *durationpb.Duration) *errdetails.RetryInfo {
	return &errdetails.RetryInfo{RetryDelay: delay}
}

func TestRetriesKeepTheRequestID(t *testing.T) {
	s, client := start(t)
	s.failures <- unavailable(time.Millisecond)
	s.failures <- unavailable(time.Millisecond)
	done, err := client.Schedule(context.Background(), Request{Queue: "q", ID: "a", In: time.Second})
	check(t, err)
	if done.JobID != "a" || done.Outcome != Created || len(s.scheduled) != 3 {
		t.Fatal(done, s.scheduled)
	}
	id := s.scheduled[0].RequestId
	if id == "" || s.scheduled[1].RequestId != id || s.scheduled[2].RequestId != id {
		t.Fatal(s.scheduled)
	}
	_, err = client.Schedule(context.Background(), Request{Queue: "q", ID: "a"})
	check(t, err)
	if s.scheduled[3].RequestId == id {
		t.Fatal("two requests have one id")
	}
}

func TestErrorsTellWhatTheServiceSays(t *testing.T) {
	s, client := start(t)
	refusal, err := status.New(codes.AlreadyExists, "taken").WithDetails(
		&errdetails.ErrorInfo{Reason: "JOB_EXISTS", Metadata: map[string]string{"job_state": "x"}},
		&errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{
			{Field: "queue", Description: "too long"}}})
	check(t, err)
	s.failures <- refusal.Err()
	_, err = client.Schedule(context.Background(), Request{Queue: "q"})
	var e *Error
	if !errors.As(err, &e) || e.Code != codes.AlreadyExists || e.Reason != "JOB_EXISTS" ||
		e.Metadata["job_state"] != "x" || e.Violations[0] != (Violation{"queue", "too long"}) {
		t.Fatal(err)
	}
	if status.Code(err) != codes.AlreadyExists || len(s.scheduled) != 1 {
		t.Fatal(err, len(s.scheduled))
	}
}

func TestACallEndsWithItsContext(t *testing.T) {
	s, client := start(t)
	for range 10 {
		s.failures <- unavailable(time.Minute)
	}
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(50*time.Millisecond, cancel)
	_, err := client.Schedule(ctx, Request{Queue: "q"})
	if err == nil {
		t.Fatal("no error")
	}
	cancel()
	if _, err = client.Get(ctx, "q", "a"); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func TestContradictionsAreRefused(t *testing.T) {
	for _, r := range []Request{
		{In: time.Second, At: time.Now()}, {Cron: "* * * * *", Every: time.Minute},
	} {
		if _, err := r.message(); err == nil {
			t.Error(r)
		}
	}
}

func TestBatchesAnswerEachCaller(t *testing.T) {
	s, client := start(t)
	s.failures <- unavailable(time.Millisecond)
	producer := client.NewBatchProducer()
	var callers sync.WaitGroup
	for i := range 200 {
		callers.Go(func() {
			id := fmt.Sprint(i)
			done, err := producer.Schedule(context.Background(), Request{Queue: "q", ID: id})
			if err != nil || done.JobID != id {
				t.Error(id, done, err)
			}
		})
	}
	callers.Go(func() {
		_, err := producer.Schedule(context.Background(), Request{Queue: "q", ID: "taken"})
		var e *Error
		if !errors.As(err, &e) || e.Code != codes.AlreadyExists || e.Reason != "JOB_EXISTS" {
			t.Error(err)
		}
	})
	callers.Wait()
	producer.Close()
	_, err := producer.Schedule(context.Background(), Request{Queue: "q"})
	if status.Code(err) != codes.Canceled {
		t.Error(err)
	}
	if n := len(s.batches); n > 100 {
		t.Errorf("%d calls for 201 jobs", n)
	}
}

func TestReasonsAreCutAtACharacter(t *testing.T) {
	reason := cut(strings.Repeat("ü", 600))
	if len(reason) != 1024 || !utf8.ValidString(reason) {
		t.Error(len(reason))
	}
	reason = cut("a" + strings.Repeat("ü", 600))
	if len(reason) != 1023 || !utf8.ValidString(reason) {
		t.Error(len(reason))
	}
	if cut("bad \xff") != "bad \uFFFD" {
		t.Error(cut("bad \xff"))
	}
}
