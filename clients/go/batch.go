package dueline

import (
	"context"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	pb "dueline.dev/go/duelinev1"
)

const (
	batchItems   = 500
	batchBytes   = 2 << 20
	batchWait    = 5 * time.Millisecond
	batchFlights = 4
)

// BatchProducer schedules as a Client does, but gathers what several goroutines schedule within
// 5 ms into one call, of up to 500 jobs or 2 MiB. Four calls are under way at most; beyond that
// Schedule waits.
type BatchProducer struct {
	client  *Client
	items   chan *batchItem
	flights chan struct{}
	closed  chan struct{}
	close   sync.Once
}

type batchItem struct {
	ctx     context.Context
	request *pb.ScheduleRequest
	bytes   int
	answer  chan batchAnswer
}

type batchAnswer struct {
	response *pb.ScheduleResponse
	err      error
}

// NewBatchProducer makes a producer, which is to be closed.
func (c *Client) NewBatchProducer() *BatchProducer {
	p := &BatchProducer{
		client: c, items: make(chan *batchItem),
		flights: make(chan struct{}, batchFlights), closed: make(chan struct{}),
	}
	go p.run()
	return p
}

// Close ends the producer. Calls under way are answered; later ones fail with Canceled.
func (p *BatchProducer) Close() { p.close.Do(func() { close(p.closed) }) }

// Schedule stores a job, as Client.Schedule does, and answers once its call is answered.
func (p *BatchProducer) Schedule(ctx context.Context, request Request) (*Scheduled, error) {
	message, err := request.message()
	if err != nil {
		return nil, err
	}
	answer, err := call(ctx, p.client, "BatchSchedule", true,
		func(ctx context.Context) (*pb.ScheduleResponse, error) { return p.submit(ctx, message) })
	return scheduledOf(answer, err)
}

func (p *BatchProducer) submit(ctx context.Context, m *pb.ScheduleRequest) (*pb.ScheduleResponse, error) {
	item := &batchItem{ctx, m, proto.Size(m) + 8, make(chan batchAnswer, 1)}
	select {
	case p.items <- item:
	case <-p.closed:
		return nil, &Error{Code: codes.Canceled, Message: "the producer is closed"}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	select {
	case a := <-item.answer:
		return a.response, a.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *BatchProducer) run() {
	var next *batchItem
	for {
		if next == nil {
			select {
			case next = <-p.items:
			case <-p.closed:
				return
			}
		}
		var batch []*batchItem
		batch, next = p.gather(next)
		p.flights <- struct{}{}
		go func() {
			defer func() { <-p.flights }()
			p.send(batch)
		}()
	}
}

// gather waits for what goes with the first item, and has the one that no longer fits.
func (p *BatchProducer) gather(first *batchItem) (batch []*batchItem, next *batchItem) {
	batch, bytes := []*batchItem{first}, first.bytes
	timer := time.NewTimer(batchWait)
	defer timer.Stop()
	for len(batch) < batchItems {
		select {
		case item := <-p.items:
			if bytes += item.bytes; bytes > batchBytes {
				return batch, item
			}
			batch = append(batch, item)
		case <-timer.C:
			return batch, nil
		}
	}
	return batch, nil
}

func (p *BatchProducer) send(batch []*batchItem) {
	ctx, cancel := context.WithTimeout(context.Background(), p.client.options.AttemptTimeout)
	defer cancel()
	var sent []*batchItem
	request := &pb.BatchScheduleRequest{}
	for _, item := range batch {
		if item.ctx.Err() == nil {
			sent = append(sent, item)
			request.Requests = append(request.Requests, item.request)
		}
	}
	if len(sent) == 0 {
		return
	}
	response, err := p.client.scheduler.BatchSchedule(ctx, request)
	for i, item := range sent {
		item.answer <- answerOf(response, i, err)
	}
}

func answerOf(response *pb.BatchScheduleResponse, i int, err error) batchAnswer {
	if err != nil {
		return batchAnswer{err: errorOf(context.Background(), err)}
	}
	if i >= len(response.Results) {
		return batchAnswer{err: &Error{Code: codes.Internal, Message: "fewer answers than requests"}}
	}
	if e := response.Results[i].GetError(); e != nil {
		return batchAnswer{err: &Error{
			Code: codes.Code(e.Code), Reason: e.Reason, Message: e.Message, Metadata: e.Metadata,
		}}
	}
	return batchAnswer{response: response.Results[i].GetResponse()}
}
