package main

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"dueline.dev/go"
	pb "dueline.dev/go/duelinev1"
	"google.golang.org/protobuf/types/known/durationpb"
)

func (p *program) schedule(ctx context.Context, c *command) (object, error) {
	payload := []byte(c.Payload)
	if c.PayloadSize > 0 {
		payload = make([]byte, c.PayloadSize)
		for i := range payload {
			payload[i] = byte(i % 251)
		}
	}
	done, err := p.client.Schedule(ctx, dueline.Request{
		Queue: c.Queue, ID: c.JobID, Payload: payload, Attributes: c.Attributes,
		In: ms(c.DelayMs), Cron: c.Cron, Retry: retryOf(c), TTL: ms(c.TTLMs),
		OnConflict: dueline.ConflictPolicy(
			pb.ConflictPolicy_value["CONFLICT_POLICY_"+strings.ToUpper(c.OnConflict)]),
		RequestID: c.RequestID,
	})
	if err != nil {
		return nil, err
	}
	return object{
		"job_id": done.JobID, "outcome": short(done.Outcome.String(), "SCHEDULE_OUTCOME_"),
		"first_outcome": short(done.FirstOutcome.String(), "SCHEDULE_OUTCOME_"),
		"job_state":     short(done.JobState.String(), "JOB_STATE_"),
		"due_ms":        done.Due.UnixMilli(),
	}, nil
}

func retryOf(c *command) *dueline.RetryPolicy {
	if c.MaxAttempts == 0 && c.InitialBackoffMs == 0 {
		return nil
	}
	retry := &dueline.RetryPolicy{MaxAttempts: c.MaxAttempts}
	if c.InitialBackoffMs > 0 {
		retry.InitialBackoff = durationpb.New(ms(c.InitialBackoffMs))
	}
	return retry
}

// scheduleMany has as many calls under way as the command says.
func (p *program) scheduleMany(ctx context.Context, c *command) object {
	schedule := p.client.Schedule
	if c.Batching {
		batches := p.client.NewBatchProducer()
		defer batches.Close()
		schedule = batches.Schedule
	}
	var mu sync.Mutex
	stored, failed := 0, []object{}
	one := func(i int) {
		id := fmt.Sprintf("%s-%d", c.Prefix, i)
		_, err := schedule(ctx, dueline.Request{
			Queue: c.Queue, ID: id, Payload: []byte(id), Attributes: c.Attributes, Retry: retryOf(c),
			In: ms(c.DelayMs + int64(i)*c.SpreadMs/int64(c.Count)),
		})
		mu.Lock()
		defer mu.Unlock()
		if err == nil {
			stored++
		} else {
			failed = append(failed, object{"job_id": id, "error": errorOf(err)})
		}
	}
	if c.Concurrency == 0 {
		c.Concurrency = 50
	}
	numbers := make(chan int)
	var callers sync.WaitGroup
	for range c.Concurrency {
		callers.Go(func() {
			for i := range numbers {
				one(i)
			}
		})
	}
	for i := range c.Count {
		numbers <- i
	}
	close(numbers)
	callers.Wait()
	return object{"stored": stored, "failed": failed}
}
