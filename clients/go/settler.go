package dueline

import (
	"context"
	"time"

	"google.golang.org/grpc/codes"

	pb "dueline.dev/go/duelinev1"
)

const (
	settleTokens  = 1000
	settleWait    = 5 * time.Millisecond
	settleFlights = 4
)

// settler sends verdicts: at once while none is under way, else what has gathered until one is
// answered, for 5 ms at most.
type settler struct {
	worker  *Worker
	in      chan settlement
	flights chan struct{}
	landed  chan struct{}
}

type settlement struct {
	delivery *delivery
	verdict  verdict
}

func newSettler(w *Worker) *settler {
	return &settler{
		worker: w, in: make(chan settlement, settleTokens),
		flights: make(chan struct{}, settleFlights), landed: make(chan struct{}, 1),
	}
}

// run sends what comes, until the context ends.
func (s *settler) run(ctx context.Context) {
	for {
		select {
		case first := <-s.in:
			for v, deliveries := range s.gather(first) {
				s.flights <- struct{}{}
				go func() {
					s.send(ctx, v, deliveries)
					<-s.flights
					signal(s.landed)
				}()
			}
		case <-ctx.Done():
			return
		}
	}
}

func (s *settler) gather(first settlement) map[verdict][]*delivery {
	wait := settleWait
	if len(s.flights) == 0 {
		wait = 0
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	gathered := map[verdict][]*delivery{first.verdict: {first.delivery}}
	for n := 1; n < settleTokens; n++ {
		select {
		case next := <-s.in:
			gathered[next.verdict] = append(gathered[next.verdict], next.delivery)
		case <-s.landed:
			return gathered
		case <-timer.C:
			return gathered
		}
	}
	return gathered
}

// send tries until there is an answer, or the leases are over.
func (s *settler) send(ctx context.Context, v verdict, deliveries []*delivery) {
	c := s.worker.client
	for n := 0; len(deliveries) > 0; n++ {
		tokens := make([]string, len(deliveries))
		for i, d := range deliveries {
			tokens[i] = d.token()
		}
		attempt, cancel := context.WithTimeout(ctx, c.options.AttemptTimeout)
		outcomes, err := v.send(attempt, c, tokens)
		cancel()
		if err == nil {
			for i, d := range deliveries {
				s.worker.settled(d, outcomeOf(v, outcomes, i))
			}
			return
		}
		e := errorOf(ctx, err)
		if e.Code == codes.InvalidArgument && v.hasDelay {
			// A delay that the service does not take: its retry policy decides.
			v = verdict{outcome: Nacked, reason: cut(e.Message)}
			continue
		}
		if isFinal(e) {
			s.worker.fail(e)
		}
		again := !isFinal(e) && c.pause(ctx, v.method(), n, e)
		deliveries = s.dropOver(deliveries, again)
	}
}

// dropOver tells of deliveries that are not to be tried again, and has the others.
func (s *settler) dropOver(deliveries []*delivery, again bool) []*delivery {
	var rest []*delivery
	for _, d := range deliveries {
		if again && !s.worker.isLeaseOver(d) {
			rest = append(rest, d)
		} else {
			s.worker.settled(d, Unsettled)
		}
	}
	return rest
}

func outcomeOf(v verdict, outcomes []pb.LeaseOutcome, i int) Outcome {
	if i < len(outcomes) && outcomes[i] == pb.LeaseOutcome_LEASE_OUTCOME_OK {
		return v.outcome
	}
	return Lost
}
