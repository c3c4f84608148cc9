package dueline

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"google.golang.org/protobuf/types/known/durationpb"

	pb "dueline.dev/go/duelinev1"
)

// maxReasonBytes is what the service takes of a reason.
const maxReasonBytes = 1024

// Why the context of a handler ended, as context.Cause tells.
var (
	ErrLeaseLost  = errors.New("dueline: the lease of the job is lost")
	ErrRanTooLong = errors.New("dueline: the job ran too long")
	ErrStopped    = errors.New("dueline: the worker stops")
)

// Job is one delivery of a job.
type Job struct {
	Queue      string
	ID         string
	Payload    []byte
	Attributes map[string]string
	// Attempt is 1 for the first delivery.
	Attempt int
	// Due and Dispatched are by the service's clock; their difference is how late the job is.
	Due        time.Time
	Dispatched time.Time
	// Message has all that the service sent.
	Message *pb.DueJob

	delivery *delivery
}

func jobOf(m *pb.DueJob) *Job {
	return &Job{
		Queue: m.Queue, ID: m.JobId, Payload: m.Payload, Attributes: m.Attributes,
		Attempt: int(m.Attempt), Due: m.DueTime.AsTime(), Dispatched: m.DispatchTime.AsTime(), Message: m,
	}
}

// Handler does a job. Its result decides: nil acknowledges the job, RetryIn and Dead (also wrapped)
// do as they say, and any other error, or a panic, leaves it to the retry policy. The context ends
// when the lease is lost, the job ran too long, or the worker gives its jobs back; what a handler
// that ignores it returns later is not sent.
type Handler func(ctx context.Context, job *Job) error

// RetryIn has the job delivered again after a delay, as a further attempt.
func RetryIn(delay time.Duration) error { return &retryIn{delay} }

type retryIn struct{ delay time.Duration }

func (r *retryIn) Error() string { return "retry in " + r.delay.String() }

// Dead puts the job among the dead, with a reason for people.
func Dead(reason string) error { return &dead{reason} }

type dead struct{ reason string }

func (d *dead) Error() string { return d.reason }

// Outcome is what became of a delivery.
type Outcome string

const (
	Acked     Outcome = "acked"
	Nacked    Outcome = "nacked"
	Died      Outcome = "dead"
	GivenBack Outcome = "given_back"
	// Lost is a delivery whose lease was over. Where the ack had to be repeated, the first may have
	// counted.
	Lost Outcome = "lost"
	// Unsettled is one for which there was no answer until its lease was over.
	Unsettled Outcome = "unsettled"
)

// verdict is what the service is told of a job; equal ones go in one call.
type verdict struct {
	outcome  Outcome
	delay    time.Duration
	hasDelay bool
	reason   string
}

var giveBack = verdict{outcome: GivenBack, hasDelay: true}

func verdictOf(ctx context.Context, err error) verdict {
	var again *retryIn
	var end *dead
	switch {
	case err == nil:
		return verdict{outcome: Acked}
	case errors.Is(context.Cause(ctx), ErrStopped):
		return giveBack
	case errors.As(err, &again):
		return verdict{outcome: Nacked, delay: again.delay, hasDelay: true, reason: cut(err.Error())}
	case errors.As(err, &end):
		return verdict{outcome: Died, reason: cut(err.Error())}
	default:
		return verdict{outcome: Nacked, reason: cut(err.Error())}
	}
}

// cut makes a reason one that the service takes.
func cut(reason string) string {
	reason = strings.ToValidUTF8(reason, "\uFFFD")
	if len(reason) <= maxReasonBytes {
		return reason
	}
	end := maxReasonBytes
	for !utf8.RuneStart(reason[end]) {
		end--
	}
	return reason[:end]
}

func (v verdict) method() string {
	if v.outcome == Acked {
		return "Ack"
	}
	return "Nack"
}

// send settles leases by one call.
func (v verdict) send(ctx context.Context, c *Client, tokens []string) ([]pb.LeaseOutcome, error) {
	if v.outcome == Acked {
		answer, err := c.scheduler.Ack(ctx, &pb.AckRequest{LeaseTokens: tokens})
		return answer.GetOutcomes(), err
	}
	request := &pb.NackRequest{
		LeaseTokens: tokens, Dead: v.outcome == Died, Uncounted: v.outcome == GivenBack, Reason: v.reason,
	}
	if v.hasDelay {
		request.Delay = durationpb.New(v.delay)
	}
	answer, err := c.scheduler.Nack(ctx, request)
	return answer.GetOutcomes(), err
}

// handle runs a handler, and makes an error of its panic.
func handle(ctx context.Context, handler Handler, job *Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return handler(ctx, job)
}
