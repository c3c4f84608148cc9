package dueline

import (
	"context"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
)

const (
	// leastQuiet is how long a connection that is alive may bring nothing, although a call waits.
	leastQuiet = time.Second
	readTime   = 100 * time.Millisecond
)

// connections has those of a client that are open. A replica that stands still, or is cut off,
// keeps its connections, and gRPC would go on with them until keepalive notices: 40 s.
type connections struct {
	mu   sync.Mutex
	open map[*connection]struct{}
}

// connection notes when it last brought something.
type connection struct {
	net.Conn
	all  *connections
	read atomic.Pointer[time.Time]
}

func (c *connections) dial(ctx context.Context, address string) (net.Conn, error) {
	network := "tcp"
	if path, isUnix := strings.CutPrefix(address, "unix:"); isUnix {
		network, address = "unix", path
	}
	dialed, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	one := &connection{Conn: dialed, all: c}
	one.note()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open[one] = struct{}{}
	return one, nil
}

// unary leaves the connection of a call that was not answered in time.
func (c *connections) unary(ctx context.Context, method string, request, reply any,
	channel *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
	began := time.Now()
	var at peer.Peer
	err := invoke(ctx, method, request, reply, channel, append(options, grpc.Peer(&at))...)
	if status.Code(err) == codes.DeadlineExceeded {
		c.leave(at.LocalAddr, time.Since(began))
	}
	return err
}

// leave ends the connection of that address here, if it brought nothing for as long as something
// was waited for; calls then go to other replicas until this one takes a new connection.
func (c *connections) leave(address net.Addr, waited time.Duration) {
	if address == nil || waited < leastQuiet {
		return
	}
	// What came while this process itself stood still is about to be read.
	time.AfterFunc(readTime, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		for one := range c.open {
			if one.LocalAddr().String() == address.String() && time.Since(*one.read.Load()) >= waited {
				delete(c.open, one)
				_ = one.Conn.Close()
			}
		}
	})
}

func (c *connection) note() {
	now := time.Now()
	c.read.Store(&now)
}

func (c *connection) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 {
		c.note()
	}
	return n, err
}

func (c *connection) Close() error {
	c.all.mu.Lock()
	delete(c.all.open, c)
	c.all.mu.Unlock()
	return c.Conn.Close()
}
