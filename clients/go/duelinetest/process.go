package duelinetest

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"dueline.dev/go"
	pb "dueline.dev/go/duelinetestingv1"
)

// process is a service that runs, with connections to it.
type process struct {
	address string
	client  *dueline.Client
	clock   pb.ClockServiceClient
	// lifeline ends the service when it is closed, as the garbage collector would.
	lifeline io.Closer
}

// idle are those that no test has.
var idle struct {
	sync.Mutex
	processes []*process
}

func take(t testing.TB) *process {
	t.Helper()
	idle.Lock()
	var p *process
	if last := len(idle.processes) - 1; last >= 0 {
		p, idle.processes = idle.processes[last], idle.processes[:last]
	}
	idle.Unlock()
	if p == nil {
		p = launch(t)
	}
	t.Cleanup(func() {
		idle.Lock()
		defer idle.Unlock()
		idle.processes = append(idle.processes, p)
	})
	return p
}

func launch(t testing.TB) *process {
	t.Helper()
	path := os.Getenv("DUELINE_DEV")
	if path == "" {
		t.Fatal("set DUELINE_DEV to the path of quarkus-run.jar or of the native binary")
	}
	line := []string{path, "dev", "--port", "0", "--test-clock"}
	if strings.HasSuffix(path, ".jar") {
		line = append([]string{"java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar"}, line...)
	}
	command := exec.Command(line[0], line[1:]...)
	command.Env = append([]string{"QUARKUS_LOG_CONSOLE_LEVEL=WARN", "QUARKUS_BANNER_ENABLED=false"}, os.Environ()...)
	command.Stderr = os.Stderr
	p := &process{}
	var err error
	p.lifeline, err = command.StdinPipe()
	check(t, err)
	output, err := command.StdoutPipe()
	check(t, err)
	check(t, command.Start())
	first, err := bufio.NewReader(output).ReadBytes('\n')
	if err != nil {
		t.Fatalf("%s did not start: %v", path, command.Wait())
	}
	var ready struct{ Address string }
	check(t, json.Unmarshal(first, &ready))
	p.address = ready.Address
	p.client, err = dueline.Connect(dueline.Options{
		Targets: []string{p.address}, CallTimeout: timeout, AttemptTimeout: timeout,
	})
	check(t, err)
	connection, err := grpc.NewClient(p.address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	check(t, err)
	p.clock = pb.NewClockServiceClient(connection)
	return p
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
