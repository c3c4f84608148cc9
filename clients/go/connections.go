package dueline

import (
	"context"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// quietTime is for connections of which no heartbeat is known; those of streams come each 10 s at
// the latest.
const quietTime = 12 * time.Second

// connections has those that are open.
var connections = struct {
	sync.Mutex
	open map[*connection]struct{}
}{open: map[*connection]struct{}{}}

// connection notes when it last brought something.
type connection struct {
	net.Conn
	address string
	read    atomic.Pointer[time.Time]
}

func dial(ctx context.Context, address string) (net.Conn, error) {
	network, path := "tcp", address
	if after, isUnix := strings.CutPrefix(address, "unix:"); isUnix {
		network, path = "unix", after
	} else if strings.HasPrefix(address, "\x00") { // An abstract socket.
		network = "unix"
	}
	dialed, err := (&net.Dialer{}).DialContext(ctx, network, path)
	if err != nil {
		return nil, err
	}
	c := &connection{Conn: dialed, address: address}
	c.note()
	connections.Lock()
	defer connections.Unlock()
	connections.open[c] = struct{}{}
	suspects.Delete(address)
	return c, nil
}

// dropQuiet ends connections to an address, where a call was not answered, that have brought
// nothing for so long. They may be half open, which gRPC's keepalive notices after 40 s.
func dropQuiet(address string, quiet time.Duration) {
	connections.Lock()
	var dropped []*connection
	for c := range connections.open {
		if c.address == address && time.Since(*c.read.Load()) > quiet {
			dropped = append(dropped, c)
		}
	}
	connections.Unlock()
	for _, c := range dropped {
		_ = c.Close()
	}
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
	connections.Lock()
	delete(connections.open, c)
	connections.Unlock()
	return c.Conn.Close()
}
