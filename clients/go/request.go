package dueline

import (
	"crypto/rand"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	pb "dueline.dev/go/duelinev1"
)

// Names of the contract, in short.
type (
	ConflictPolicy  = pb.ConflictPolicy
	ScheduleOutcome = pb.ScheduleOutcome
	CancelOutcome   = pb.CancelOutcome
	JobState        = pb.JobState
	RetryPolicy     = pb.RetryPolicy
)

// What Schedule does when a job has the id already, what it did, what Cancel found, and where a
// job stands; the contract says more of each.
const (
	Reject           = pb.ConflictPolicy_CONFLICT_POLICY_REJECT
	Keep             = pb.ConflictPolicy_CONFLICT_POLICY_KEEP
	Replace          = pb.ConflictPolicy_CONFLICT_POLICY_REPLACE
	ReplaceIfEarlier = pb.ConflictPolicy_CONFLICT_POLICY_REPLACE_IF_EARLIER
	ReplaceIfLater   = pb.ConflictPolicy_CONFLICT_POLICY_REPLACE_IF_LATER

	Created   = pb.ScheduleOutcome_SCHEDULE_OUTCOME_CREATED
	Replaced  = pb.ScheduleOutcome_SCHEDULE_OUTCOME_REPLACED
	Unchanged = pb.ScheduleOutcome_SCHEDULE_OUTCOME_UNCHANGED

	CancelCanceled = pb.CancelOutcome_CANCEL_OUTCOME_CANCELED
	CancelLeased   = pb.CancelOutcome_CANCEL_OUTCOME_LEASED
	CancelNotFound = pb.CancelOutcome_CANCEL_OUTCOME_NOT_FOUND

	StatePending = pb.JobState_JOB_STATE_PENDING
	StateLeased  = pb.JobState_JOB_STATE_LEASED
	StateDead    = pb.JobState_JOB_STATE_DEAD
)

// Request is a job to store. Of In and At at most one is set, and of Cron and Every; with neither
// In nor At the job is due at once, or by its rule.
type Request struct {
	Queue string
	// ID is unique among the live jobs of the queue; empty: the service makes one.
	ID         string
	Payload    []byte
	Attributes map[string]string
	// In is counted by the service, from when it stores the job.
	In time.Duration
	At time.Time
	// Cron runs the job again and again, as crontab(5), in TimeZone (an IANA name; empty: UTC).
	Cron     string
	TimeZone string
	// Every runs it again and again, from due time to due time, at least 1 s.
	Every time.Duration
	// Retry is nil for the defaults of the service.
	Retry *RetryPolicy
	// TTL drops the job if it is not delivered so long after its due time; 0: never.
	TTL        time.Duration
	OnConflict ConflictPolicy
	// RequestID names this request over its repeats; empty: a random one.
	RequestID string
}

// Scheduled is what Schedule did.
type Scheduled struct {
	JobID   string
	Due     time.Time
	Outcome ScheduleOutcome
	// FirstOutcome is set where this request was carried out before.
	FirstOutcome ScheduleOutcome
	// JobState is where the job that has the id stands; a dead one will not run.
	JobState JobState
}

func (r Request) message() (*pb.ScheduleRequest, error) {
	m := &pb.ScheduleRequest{
		Queue: r.Queue, JobId: r.ID, Payload: r.Payload, Attributes: r.Attributes,
		RetryPolicy: r.Retry, ConflictPolicy: r.OnConflict, RequestId: r.RequestID,
	}
	switch {
	case r.In != 0 && !r.At.IsZero():
		return nil, invalid("In and At are both set")
	case r.Cron != "" && r.Every != 0:
		return nil, invalid("Cron and Every are both set")
	case r.In != 0:
		m.When = &pb.ScheduleRequest_Delay{Delay: durationpb.New(r.In)}
	case !r.At.IsZero():
		m.When = &pb.ScheduleRequest_DueTime{DueTime: timestamppb.New(r.At)}
	}
	switch {
	case r.Cron != "":
		m.Recurrence = &pb.Recurrence{Rule: &pb.Recurrence_Cron{Cron: r.Cron}, TimeZone: r.TimeZone}
	case r.Every != 0:
		m.Recurrence = &pb.Recurrence{Rule: &pb.Recurrence_Interval{Interval: durationpb.New(r.Every)}}
	}
	if r.TTL != 0 {
		m.Ttl = durationpb.New(r.TTL)
	}
	if m.RequestId == "" {
		m.RequestId = rand.Text()
	}
	return m, nil
}

func scheduledOf(m *pb.ScheduleResponse, err error) (*Scheduled, error) {
	if err != nil {
		return nil, err
	}
	return &Scheduled{m.JobId, m.DueTime.AsTime(), m.Outcome, m.FirstOutcome, m.JobState}, nil
}
