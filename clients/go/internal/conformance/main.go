// Command conformance does what the runner of clients/conformance tells it, with this library.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"dueline.dev/go"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/grpc/resolver/dns"
)

// maxLine is the longest command, 1 MiB, and its end.
const maxLine = 1<<20 + 2

// object is one line.
type object map[string]any

var (
	output  = json.NewEncoder(os.Stdout)
	writing sync.Mutex
)

func write(line object) {
	writing.Lock()
	defer writing.Unlock()
	if err := output.Encode(line); err != nil {
		os.Exit(1)
	}
}

// command has the fields of all commands.
type command struct {
	ID int    `json:"id"`
	Do string `json:"do"`

	Targets          []string `json:"targets"`
	Token            string   `json:"token"`
	CallTimeoutMs    int64    `json:"call_timeout_ms"`
	AttemptTimeoutMs int64    `json:"attempt_timeout_ms"`

	Queue            string            `json:"queue"`
	JobID            string            `json:"job_id"`
	DelayMs          int64             `json:"delay_ms"`
	Attributes       map[string]string `json:"attributes"`
	Payload          string            `json:"payload"`
	PayloadSize      int               `json:"payload_size"`
	RequestID        string            `json:"request_id"`
	OnConflict       string            `json:"on_conflict"`
	MaxAttempts      int32             `json:"max_attempts"`
	InitialBackoffMs int64             `json:"initial_backoff_ms"`
	Cron             string            `json:"cron"`
	TTLMs            int64             `json:"ttl_ms"`

	Prefix      string `json:"prefix"`
	Count       int    `json:"count"`
	SpreadMs    int64  `json:"spread_ms"`
	Concurrency int    `json:"concurrency"`
	Batching    bool   `json:"batching"`
	CancelLease bool   `json:"cancel_leased"`

	Worker      string   `json:"worker"`
	Queues      []string `json:"queues"`
	LeaseMs     int64    `json:"lease_ms"`
	HeartbeatMs int64    `json:"heartbeat_ms"`
	MaxRunMs    int64    `json:"max_run_ms"`
	Mode        string   `json:"mode"`
	TimeoutMs   int64    `json:"timeout_ms"`
}

func ms(n int64) time.Duration { return time.Duration(n) * time.Millisecond }

// program has what commands refer to later.
type program struct {
	client  *dueline.Client
	mu      sync.Mutex
	workers map[string]*worker
}

func main() {
	// As docs/clients/connections.md has it for names whose addresses all change.
	dns.SetMinResolutionInterval(time.Second)
	p := &program{workers: map[string]*worker{}}
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, maxLine)
	for input.Scan() {
		var c command
		if err := json.Unmarshal(input.Bytes(), &c); err != nil {
			fmt.Fprintln(os.Stderr, "conformance:", err)
			os.Exit(1)
		}
		if c.Do == "connect" || c.Do == "worker_start" {
			p.answer(&c)
		} else {
			go p.answer(&c)
		}
	}
}

func (p *program) answer(c *command) {
	reply, err := p.do(context.Background(), c)
	if err != nil {
		reply = object{"error": errorOf(err)}
	}
	reply["reply"] = c.ID
	write(reply)
}

func errorOf(err error) any {
	if err == nil {
		return nil
	}
	var e *dueline.Error
	if !errors.As(err, &e) {
		return object{"code": "UNKNOWN", "reason": "", "message": err.Error()}
	}
	return object{"code": code.Code(e.Code).String(), "reason": e.Reason, "message": e.Message}
}

func (p *program) do(ctx context.Context, c *command) (object, error) {
	switch c.Do {
	case "connect":
		return p.connect(c)
	case "schedule":
		return p.schedule(ctx, c)
	case "schedule_many":
		return p.scheduleMany(ctx, c), nil
	case "cancel":
		outcome, err := p.client.Cancel(ctx, c.Queue, c.JobID, c.CancelLease)
		return object{"outcome": short(outcome.String(), "CANCEL_OUTCOME_")}, err
	case "reschedule":
		_, err := p.client.RescheduleIn(ctx, c.Queue, c.JobID, ms(c.DelayMs))
		return object{}, err
	case "get":
		job, err := p.client.Get(ctx, c.Queue, c.JobID)
		return object{
			"state":           short(job.GetState().String(), "JOB_STATE_"),
			"failed_attempts": job.GetFailedAttempts(), "last_failure": job.GetLastFailure(),
		}, err
	case "worker_start":
		return p.startWorker(c), nil
	case "worker_stop":
		return p.stopWorker(c), nil
	case "iterate":
		return p.iterate(ctx, c)
	default:
		return nil, fmt.Errorf("no such command: %q", c.Do)
	}
}

func (p *program) connect(c *command) (object, error) {
	client, err := dueline.Connect(dueline.Options{
		Targets: c.Targets, Token: c.Token,
		CallTimeout: ms(c.CallTimeoutMs), AttemptTimeout: ms(c.AttemptTimeoutMs),
	})
	p.client = client
	return object{}, err
}

// short is a name of an enum without its prefix; empty where it is unspecified.
func short(name, prefix string) string {
	return strings.TrimPrefix(strings.TrimPrefix(name, prefix), "UNSPECIFIED")
}
