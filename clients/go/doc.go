// Package dueline schedules jobs with a Dueline service and works them off.
//
//	client, err := dueline.Connect(dueline.Options{Targets: []string{"127.0.0.1:9000"}})
//	client.Schedule(ctx, dueline.Request{Queue: "mail", ID: "ann", In: 5 * time.Second})
//
//	worker := client.NewWorker(dueline.WorkerOptions{Queues: []string{"mail"}},
//		func(ctx context.Context, job *dueline.Job) error { return send(ctx, job.Payload) })
//	err = worker.Run(ctx)
//
// All types may be used by several goroutines. No clock is compared with that of
// the service: due times of a producer whose clock is wrong are given by In.
//
// What this package has no method for is reached through the stubs of
// [Client.Scheduler] and [Client.Queues], which share its connections.
package dueline

//go:generate npx --yes @bufbuild/buf@1.75.0 generate ../../proto --exclude-path ../../proto/externalscaler --template buf.gen.yaml
