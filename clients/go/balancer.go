package dueline

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/balancer"
	"google.golang.org/grpc/balancer/base"
)

const (
	balancerName = "dueline_round_robin"
	// suspectTime is how long calls go to other replicas than one that did not answer in time.
	suspectTime = 5 * time.Second
)

func init() {
	balancer.Register(base.NewBalancerBuilder(balancerName, pickerBuilder{}, base.Config{}))
}

// suspects has when a call to an address last was not answered in time. A replica that stands still
// keeps its connections; gRPC's round_robin would go on with it until keepalive notices.
var suspects sync.Map

type pickerBuilder struct{}

func (pickerBuilder) Build(info base.PickerBuildInfo) balancer.Picker {
	if len(info.ReadySCs) == 0 {
		return base.NewErrPicker(balancer.ErrNoSubConnAvailable)
	}
	p := &picker{}
	for connection, about := range info.ReadySCs {
		p.replicas = append(p.replicas, replica{connection, about.Address.Addr})
	}
	return p
}

type replica struct {
	connection balancer.SubConn
	address    string
}

func (r replica) isSuspect() bool {
	at, ok := suspects.Load(r.address)
	return ok && time.Since(at.(time.Time)) < suspectTime
}

// picker goes round the replicas, and past suspect ones where there are others.
type picker struct {
	replicas []replica
	next     atomic.Uint32
}

func (p *picker) Pick(info balancer.PickInfo) (balancer.PickResult, error) {
	picked := p.step()
	for n := 1; n < len(p.replicas) && picked.isSuspect(); n++ {
		picked = p.step()
	}
	return balancer.PickResult{SubConn: picked.connection, Done: func(balancer.DoneInfo) {
		quiet := quietTime
		var silent *silentError
		switch cause := context.Cause(info.Ctx); {
		case errors.As(cause, &silent):
			quiet = silent.silence
		case !errors.Is(cause, context.DeadlineExceeded):
			return
		}
		suspects.Store(picked.address, time.Now())
		dropQuiet(picked.address, quiet)
	}}, nil
}

func (p *picker) step() replica {
	return p.replicas[int(p.next.Add(1)%uint32(len(p.replicas)))]
}
