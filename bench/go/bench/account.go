package bench

import (
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Account is what was delivered and acknowledged.
type Account struct {
	n     int
	start float64
	over  chan struct{}
	end   sync.Once

	mu                sync.Mutex
	late              []float64
	seen              map[string]bool
	dup, early, warm  int
	acked             int
	first, t20, last  float64
	cpuFirst, cpuLast float64
}

// NewAccount counts n= measured jobs.
func NewAccount() *Account {
	return &Account{n: int(Num("n", 1000)), start: now(), over: make(chan struct{}), seen: map[string]bool{}}
}

// Delivered takes down a delivery. False: it is of a warm-up job, or came before.
func (a *Account) Delivered(payload string) bool {
	at := now()
	f := strings.SplitN(payload, "|", 4)
	due, err := strconv.ParseFloat(f[2], 64)
	Must(err)
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case f[0] != "m":
		a.warm++
		return false
	case a.seen[f[1]]:
		a.dup++
		return false
	}
	a.seen[f[1]] = true
	if len(a.late) == 0 {
		a.first, a.cpuFirst = at, cpu()
	}
	if at < due-0.5 {
		a.early++
	}
	a.late = append(a.late, at-due)
	if len(a.late) == a.n/5 {
		a.t20 = at
	}
	return true
}

// All says whether each measured job was delivered.
func (a *Account) All() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.late) >= a.n
}

// Acked counts a measured job as done: the peer has removed or finished it.
func (a *Account) Acked() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.acked++; a.acked == a.n {
		a.done()
	}
}

// AllAcked says that every job is done, where the peer does not tell of each.
func (a *Account) AllAcked() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.done()
}

// done waits a little for deliveries that should not come.
func (a *Account) done() {
	a.last, a.cpuLast = now(), cpu()
	time.AfterFunc(500*time.Millisecond, a.finish)
}

func (a *Account) finish() { a.end.Do(func() { close(a.over) }) }

// Await says READY, waits until all are acknowledged, the deadline passes or stdin closes, and
// prints the account.
func (a *Account) Await() {
	fmt.Println("READY")
	go func() {
		io.Copy(io.Discard, os.Stdin)
		a.finish()
	}()
	select {
	case <-a.over:
	case <-time.After(time.Duration(Num("deadline", 60)) * time.Second):
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.last == 0 {
		a.last, a.cpuLast = now(), cpu()
	}
	if a.first == 0 {
		a.first = a.last
	}
	steady := 0.0
	if a.t20 > 0 && a.last > a.t20 {
		steady = float64(len(a.late)-a.n/5) / (a.last - a.t20) * 1000
	}
	slices.Sort(a.late)
	say(map[string]any{
		"n": a.n, "uniq": len(a.late), "dup": a.dup, "early": a.early, "warm": a.warm,
		"client_cpu": a.cpuLast - a.cpuFirst, "secs": (a.last - a.first) / 1000,
		"from_start": (a.last - a.start) / 1000, "steady": steady,
		"p50": a.q(.5), "p90": a.q(.9), "p99": a.q(.99), "max": a.q(1), "min": a.q(0),
	})
}

func (a *Account) q(f float64) float64 {
	if len(a.late) == 0 {
		return -1
	}
	return math.Round(a.late[int(float64(len(a.late)-1)*f)]*100) / 100
}
