package dueline

import (
	"context"
	"math/rand/v2"
	"time"

	"google.golang.org/grpc/codes"
)

const (
	firstRetry   = 100 * time.Millisecond
	longestRetry = 2 * time.Second
)

// jitter is a random part of first * 2^n, or of longest where that is less.
func jitter(n int, first, longest time.Duration) time.Duration {
	bound := longest
	if n < 30 && first<<n < longest {
		bound = first << n
	}
	return rand.N(bound) + 1
}

// retryable says whether a call may be tried again; after a deadline its outcome is not known, so
// that only one that may be repeated is.
func retryable(e *Error, repeatable bool) bool {
	return e.Code == codes.Unavailable || repeatable && e.Code == codes.DeadlineExceeded
}

// pause waits before try n+1 of a call that failed, no shorter than the service asks for; false if
// the context would end first.
func (c *Client) pause(ctx context.Context, method string, n int, e *Error) bool {
	delay := jitter(n, firstRetry, longestRetry)
	if asked := min(e.retryDelay, longestRetry); delay < asked {
		delay = asked + delay/2
	}
	if end, ok := ctx.Deadline(); ok && time.Until(end) < delay {
		return false
	}
	if c.options.CallRetried != nil {
		c.options.CallRetried(method, e)
	}
	select {
	case <-time.After(delay):
		return true
	case <-ctx.Done():
		return false
	}
}

// call tries until it has an answer, an error that no further try mends, or no time left. Each try
// has a deadline of its own, so that a replica that stands still is left for another.
func call[T any](ctx context.Context, c *Client, method string, repeatable bool,
	try func(context.Context) (T, error)) (T, error) {
	whole, cancel := context.WithTimeout(ctx, c.options.CallTimeout)
	defer cancel()
	for n := 0; ; n++ {
		attempt, end := context.WithTimeout(whole, c.options.AttemptTimeout)
		answer, err := try(attempt)
		end()
		if err == nil {
			return answer, nil
		}
		e := errorOf(ctx, err)
		if !retryable(e, repeatable) || !c.pause(whole, method, n, e) {
			return answer, e
		}
	}
}
