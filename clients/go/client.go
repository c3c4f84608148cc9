package dueline

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"net"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/resolver"
	"google.golang.org/grpc/resolver/manual"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	pb "dueline.dev/go/duelinev1"
)

// maxMessageBytes is that of the service, 4 MiB, and some for what is around payloads.
const maxMessageBytes = 5 << 20

// Options say which service to call, and how. What is left out has its default.
type Options struct {
	// Targets are one name, "host:port" or any that gRPC resolves ("dns:///dueline:9000"), or
	// several addresses "host:port". Calls go round all that they lead to.
	Targets []string
	// TLS is used for all connections; nil: none is.
	TLS *tls.Config
	// Token is sent with each call.
	Token string
	// CallTimeout is for a call with all its tries; 10 s.
	CallTimeout time.Duration
	// AttemptTimeout is for one try; 3 s.
	AttemptTimeout time.Duration
	// CallRetried is told of each try that failed and is followed by another.
	CallRetried func(method string, err *Error)
	// DialOptions come after the library's own.
	DialOptions []grpc.DialOption
}

// Client calls one service.
type Client struct {
	options    Options
	connection *grpc.ClientConn
	scheduler  pb.SchedulerServiceClient
}

// Connect makes a client. It connects with the first call.
func Connect(options Options) (*Client, error) {
	if options.CallTimeout <= 0 {
		options.CallTimeout = 10 * time.Second
	}
	if options.AttemptTimeout <= 0 {
		options.AttemptTimeout = 3 * time.Second
	}
	if len(options.Targets) == 0 {
		return nil, invalid("no target")
	}
	target, dial := options.Targets[0], dialOptions(options)
	if len(options.Targets) > 1 {
		addresses := manual.NewBuilderWithScheme("dueline")
		addresses.InitialState(stateOf(options.Targets))
		target, dial = "dueline:///service", append(dial, grpc.WithResolvers(addresses))
	}
	connection, err := grpc.NewClient(target, append(dial, options.DialOptions...)...)
	if err != nil {
		return nil, err
	}
	return &Client{options, connection, pb.NewSchedulerServiceClient(connection)}, nil
}

func dialOptions(options Options) []grpc.DialOption {
	security := insecure.NewCredentials()
	if options.TLS != nil {
		security = credentials.NewTLS(options.TLS)
	}
	dial := []grpc.DialOption{
		grpc.WithTransportCredentials(security),
		grpc.WithContextDialer(dial),
		grpc.WithDefaultServiceConfig(`{"loadBalancingConfig": [{"` + balancerName + `": {}}]}`),
		// What a DNS entry says of retries would come on top of those of this package.
		grpc.WithDisableServiceConfig(),
		grpc.WithDisableRetry(),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{
			Time: 30 * time.Second, Timeout: 10 * time.Second,
		}),
		// By default gRPC waits for up to two minutes before it connects again.
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff: backoff.Config{
				BaseDelay: firstRetry, Multiplier: 2, Jitter: 0.5, MaxDelay: longestRetry,
			},
			MinConnectTimeout: 5 * time.Second,
		}),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxMessageBytes)),
	}
	if options.Token != "" {
		dial = append(dial, grpc.WithPerRPCCredentials(bearer(options.Token)))
	}
	return dial
}

func stateOf(targets []string) resolver.State {
	var state resolver.State
	for _, target := range targets {
		host, _, err := net.SplitHostPort(target)
		if err != nil {
			host = target
		}
		state.Addresses = append(state.Addresses, resolver.Address{Addr: target, ServerName: host})
	}
	return state
}

// bearer is a token; whether it goes over plain text is for who leaves TLS out.
type bearer string

func (b bearer) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": "Bearer " + string(b)}, nil
}

func (b bearer) RequireTransportSecurity() bool { return false }

// Close ends all connections; stop workers before.
func (c *Client) Close() error { return c.connection.Close() }

// Scheduler is the stub that this client calls, for what has no method here. Calls through it are
// not retried, and have no deadline but that of their context.
func (c *Client) Scheduler() pb.SchedulerServiceClient { return c.scheduler }

// Queues is the stub for running queues.
func (c *Client) Queues() pb.QueueServiceClient { return pb.NewQueueServiceClient(c.connection) }

// Schedule stores a job. All tries have one request id, so that it is stored once.
func (c *Client) Schedule(ctx context.Context, request Request) (*Scheduled, error) {
	message, err := request.message()
	if err != nil {
		return nil, err
	}
	answer, err := call(ctx, c, "Schedule", true,
		func(ctx context.Context) (*pb.ScheduleResponse, error) {
			return c.scheduler.Schedule(ctx, message)
		})
	return scheduledOf(answer, err)
}

// Cancel takes a job back. After CancelCanceled it is never delivered (again).
// takeLeased: also from a worker that holds it.
func (c *Client) Cancel(ctx context.Context, queue, id string, takeLeased bool) (CancelOutcome, error) {
	request := &pb.CancelRequest{
		Queue: queue, JobId: id, CancelLeased: takeLeased, RequestId: rand.Text()}
	answer, err := call(ctx, c, "Cancel", true,
		func(ctx context.Context) (*pb.CancelResponse, error) {
			return c.scheduler.Cancel(ctx, request)
		})
	return answer.GetOutcome(), err
}

// Reschedule moves a job that is waiting, or dead, and tells the due time in force.
func (c *Client) Reschedule(ctx context.Context, queue, id string, due time.Time) (time.Time, error) {
	return c.reschedule(ctx, &pb.RescheduleRequest{Queue: queue, JobId: id,
		When: &pb.RescheduleRequest_DueTime{DueTime: timestamppb.New(due)}}, true)
}

// RescheduleIn is Reschedule to so long from now. It is not repeated after a deadline, since each
// repeat would count anew.
func (c *Client) RescheduleIn(ctx context.Context, queue, id string, delay time.Duration) (time.Time, error) {
	return c.reschedule(ctx, &pb.RescheduleRequest{Queue: queue, JobId: id,
		When: &pb.RescheduleRequest_Delay{Delay: durationpb.New(delay)}}, false)
}

func (c *Client) reschedule(ctx context.Context, request *pb.RescheduleRequest, repeatable bool) (time.Time, error) {
	answer, err := call(ctx, c, "Reschedule", repeatable,
		func(ctx context.Context) (*pb.RescheduleResponse, error) {
			return c.scheduler.Reschedule(ctx, request)
		})
	if err != nil {
		return time.Time{}, err
	}
	return answer.GetDueTime().AsTime(), nil
}

// Get reads a job as it stands.
func (c *Client) Get(ctx context.Context, queue, id string) (*pb.Job, error) {
	answer, err := call(ctx, c, "GetJob", true,
		func(ctx context.Context) (*pb.GetJobResponse, error) {
			return c.scheduler.GetJob(ctx, &pb.GetJobRequest{Queue: queue, JobId: id})
		})
	return answer.GetJob(), err
}
