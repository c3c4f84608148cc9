package dueline

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/codes"
)

const (
	firstReconnect   = 50 * time.Millisecond
	longestReconnect = 5 * time.Second
	// maxStreams bounds the streams that a worker tops its credit up with.
	maxStreams = 4
	// cancelWait is for handlers that are cancelled to end, flushWait for what is then told.
	cancelWait = time.Second
	flushWait  = 5 * time.Second
)

// WorkerOptions say what a worker does. What is left out has its default.
type WorkerOptions struct {
	// Queues are 1 to 64; of due jobs those of an earlier queue go first.
	Queues []string
	// Concurrency is the most handlers at once; 10.
	Concurrency int
	// Lease is how long a job stays with a worker that died; 30 s. It is extended while its handler
	// runs.
	Lease time.Duration
	// MaxRunTime is how long a handler may take; ten leases. Then it is cancelled, and has a second
	// to end.
	MaxRunTime time.Duration
	// Heartbeat is the longest silence of the service; a sixth of the lease, 1 s to 10 s. After
	// three of them a stream is left for another.
	Heartbeat time.Duration
	// StopTimeout is how long handlers have to end after the context of Run has; 20 s.
	StopTimeout time.Duration
	// Name is for logs and metrics of the service; empty: the service makes one.
	Name  string
	Hooks Hooks
}

// Hooks are told what a worker does, for logs and metrics. They run on its goroutines, several at
// once, and must be quick.
type Hooks struct {
	Connected    func(watcherID string)
	Disconnected func(err error) // nil: as it should
	JobStarted   func(job *Job)
	JobFinished  func(job *Job, outcome Outcome, took time.Duration)
	LeaseLost    func(job *Job)
}

func tell[T any](hook func(T), value T) {
	if hook != nil {
		hook(value)
	}
}

// StopMode says what becomes of the jobs of a worker that stops.
type StopMode int

const (
	// Wait lets handlers end.
	Wait StopMode = iota
	// GiveBack cancels them; their jobs are due again at once, and the attempts do not count.
	GiveBack
)

// Worker hands due jobs to a handler. Its streams never ask for more jobs than it has room for:
//
//	concurrency ≥ credit of live streams + jobs of streams that are over + handlers whose job is over
//
// Whenever there is room to spare, and so after a stream broke or drains, another stream asks for it.
type Worker struct {
	client  *Client
	options WorkerOptions
	handler Handler
	settler *settler
	slots   chan struct{}

	mu         sync.Mutex
	streams    map[*stream]struct{}
	deliveries map[string]*delivery
	// opened counts streams since the last that brought something.
	opened  int
	failure *Error

	values     context.Context
	changed    chan struct{}
	ask        sync.Once
	asked      chan struct{}
	stop       sync.Once
	stopping   chan struct{}
	give       sync.Once
	givingBack chan struct{}
	hasRun     atomic.Bool
	ended      chan struct{}
}

// NewWorker makes a worker that has yet to Run.
func (c *Client) NewWorker(options WorkerOptions, handler Handler) *Worker {
	orDefault(&options.Concurrency, 10)
	orDefault(&options.Lease, 30*time.Second)
	orDefault(&options.MaxRunTime, 10*options.Lease)
	orDefault(&options.Heartbeat, min(max(options.Lease/6, time.Second), 10*time.Second))
	orDefault(&options.StopTimeout, 20*time.Second)
	w := &Worker{
		client: c, options: options, handler: handler,
		slots:   make(chan struct{}, options.Concurrency),
		streams: map[*stream]struct{}{}, deliveries: map[string]*delivery{},
		changed: make(chan struct{}, 1), asked: make(chan struct{}), stopping: make(chan struct{}),
		givingBack: make(chan struct{}), ended: make(chan struct{}),
	}
	w.settler = newSettler(w)
	return w
}

func orDefault[T int | time.Duration](value *T, standard T) {
	if *value <= 0 {
		*value = standard
	}
}

// Run works until the context ends or Stop is called, and then returns nil once all jobs are
// settled; or until the service refuses, with its error. It waits for a service that is away. The
// end of the context is Stop(Wait) with StopTimeout. Handlers see the values of the context, not
// its end. A worker runs once.
func (w *Worker) Run(ctx context.Context) error {
	if w.hasRun.Swap(true) {
		return invalid("the worker ran before, or was stopped")
	}
	defer close(w.ended)
	return w.runOnce(ctx)
}

func (w *Worker) runOnce(ctx context.Context) error {
	w.values = context.WithoutCancel(ctx)
	inner, cancel := context.WithCancel(w.values)
	defer cancel()
	go w.settler.run(inner)
	go w.extendLeases(inner)
	for !w.isStopping(ctx) {
		w.thinOut()
		if w.room() > 0 && w.sleep(ctx, w.reconnectDelay()) {
			w.open(inner, w.room())
			continue
		}
		select {
		case <-w.changed:
		case <-ctx.Done():
		case <-w.stopping:
		}
	}
	w.windDown()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failure != nil {
		return w.failure
	}
	return nil
}

func (w *Worker) isStopping(ctx context.Context) bool {
	return ctx.Err() != nil || isClosed(w.stopping)
}

// room is how many more jobs may be asked for now. Beside a live stream it counts only once it
// outweighs what still runs of others, so that few streams share the concurrency.
func (w *Worker) room() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	room, leaving, live := w.count()
	if live > 0 && (room < leaving || live >= maxStreams) {
		return 0
	}
	return max(room, 0)
}

// thinOut has the smallest of as many streams as may be stopped, where there is room for a larger
// one. Until the service has stopped it, it counts as before.
func (w *Worker) thinOut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	room, leaving, live := w.count()
	if room <= 0 || leaving > 0 || live < maxStreams {
		return
	}
	var smallest *stream
	for s := range w.streams {
		if !s.isLive {
			continue
		}
		if s.isReplaced {
			return // One at a time.
		}
		if smallest == nil || s.credit < smallest.credit {
			smallest = s
		}
	}
	smallest.isReplaced = true
	go func() {
		w.stopWatch(smallest)
		w.retire(smallest)
	}()
}

// count is called with the mutex held. It has the room beside live streams, how many jobs of other
// streams are leaving, and how many streams are live.
func (w *Worker) count() (room, leaving, live int) {
	room = w.options.Concurrency
	for s := range w.streams {
		if s.isLive {
			room -= s.credit
			live++
		}
	}
	for _, d := range w.deliveries {
		if d.isUsingSlot() {
			room--
			if !d.isDecided {
				leaving++
			}
		}
	}
	return room, leaving, live
}

// reconnectDelay is none before the first stream, and after one that brought something.
func (w *Worker) reconnectDelay() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.opened == 0 {
		return 0
	}
	return jitter(w.opened-1, firstReconnect, longestReconnect)
}

// sleep returns false if the worker is to stop meanwhile.
func (w *Worker) sleep(ctx context.Context, delay time.Duration) bool {
	select {
	case <-time.After(delay):
	case <-ctx.Done():
	case <-w.stopping:
	}
	return !w.isStopping(ctx)
}

func (w *Worker) open(ctx context.Context, credit int) {
	if credit == 0 {
		return
	}
	s := &stream{
		credit: credit, isLive: true, heard: time.Now(), heartbeat: w.options.Heartbeat,
		started: make(chan struct{}), ended: make(chan struct{}),
	}
	ctx, s.cancel = context.WithCancelCause(ctx)
	w.mu.Lock()
	w.streams[s] = struct{}{}
	w.opened++
	w.mu.Unlock()
	go w.watch(ctx, s)
}

// look has Run see whether there is room, or nothing left to wait for.
func (w *Worker) look() { signal(w.changed) }

// signal puts a value into a channel that has room for one, unless one is there.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// isFinal says whether no other stream would do better.
func isFinal(e *Error) bool {
	switch e.Code {
	case codes.Unauthenticated, codes.PermissionDenied, codes.InvalidArgument,
		codes.FailedPrecondition, codes.Unimplemented, codes.NotFound:
		return true
	default:
		return false
	}
}

func (w *Worker) fail(e *Error) {
	w.mu.Lock()
	if w.failure == nil {
		w.failure = e
	}
	w.mu.Unlock()
	w.stop.Do(func() { close(w.stopping) })
}
