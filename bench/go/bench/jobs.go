// Package bench is what the drivers in Go share: arguments, jobs, loops that send them, and the
// account of deliveries.
package bench

import (
	"encoding/json"
	"fmt"
	"log"
	"math"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

var args = map[string]string{}

var t0, wn, rate float64

// Verb reads the command line: sched or consume, then key=value.
func Verb() string {
	for _, a := range os.Args[2:] {
		k, v, _ := strings.Cut(a, "=")
		args[k] = v
	}
	return os.Args[1]
}

// Arg is a text among the arguments.
func Arg(k, otherwise string) string {
	if v, ok := args[k]; ok {
		return v
	}
	return otherwise
}

// Num is a number among the arguments.
func Num(k string, otherwise float64) float64 {
	v, ok := args[k]
	if !ok {
		return otherwise
	}
	f, err := strconv.ParseFloat(v, 64)
	Must(err)
	return f
}

// Millis is an argument in milliseconds.
func Millis(k string, otherwise time.Duration) time.Duration {
	return time.Duration(Num(k, float64(otherwise.Milliseconds()))) * time.Millisecond
}

// Address is where the server listens.
func Address() string { return "127.0.0.1:" + Arg("port", "") }

// Must ends the program on an error.
func Must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func now() float64 { return float64(time.Now().UnixNano()) / 1e6 }

func cpu() float64 {
	var u syscall.Rusage
	Must(syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// Job is one to be scheduled.
type Job struct {
	ID      string
	Payload string
	Due     time.Time
}

// job makes the i-th: the first wn= are warm-up, due at 500/s in the seconds before t0; then n
// measured ones at t0 + k/rate.
func job(i int) Job {
	kind, k, due := "m", float64(i)-wn, t0
	if k < 0 {
		kind, k, due = "w", float64(i), t0-3000+2*float64(i)
	} else if rate > 0 {
		due += math.Floor(k * 1000 / rate)
	}
	p := fmt.Sprintf("%s|%010.0f|%.3f|", kind, k, due)
	return Job{
		ID:      fmt.Sprintf("%s%015d", Arg("tag", "m"), i),
		Payload: p + strings.Repeat("x", 100-len(p)),
		Due:     time.UnixMilli(int64(due)),
	}
}

// Schedule sends all jobs, batch= (or that given) in each call of send, by lanes goroutines, and
// prints how that went.
func Schedule(lanes, batch int, send func([]Job) error) {
	wn, rate = Num("wn", 0), Num("rate", 0)
	start, c0 := now(), cpu()
	if t0 = Num("t0", 0); t0 == 0 {
		t0 = math.Floor(start + 1000*Num("lead", 5))
	}
	n := int(Num("n", 1000) + wn)
	var next atomic.Int64
	var all sync.WaitGroup
	for range lanes {
		all.Go(func() {
			for {
				hi := int(next.Add(int64(batch)))
				lo := hi - batch
				if lo >= n {
					return
				}
				jobs := make([]Job, 0, batch)
				for i := lo; i < min(n, hi); i++ {
					jobs = append(jobs, job(i))
				}
				Must(send(jobs))
			}
		})
	}
	all.Wait()
	say(map[string]any{
		"n": n, "secs": (now() - start) / 1000, "spare_ms": t0 - now(), "client_cpu": cpu() - c0,
	})
}

// IsBulk says whether mode= asks for the best bulk call that there is.
func IsBulk() bool { return Arg("mode", "bulk") == "bulk" }

func say(result map[string]any) {
	line, err := json.Marshal(result)
	Must(err)
	fmt.Println(string(line))
}

// IsMeasured says whether a job is no warm-up job.
func IsMeasured(payload string) bool { return payload[0] == 'm' }
