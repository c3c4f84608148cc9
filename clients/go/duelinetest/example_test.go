package duelinetest_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	"dueline.dev/go"
	"dueline.dev/go/duelinetest"
)

// shop is the code under test: it reminds who has not paid after three days.
type shop struct{ jobs *dueline.Client }

func (s shop) place(ctx context.Context, order string) error {
	_, err := s.jobs.Schedule(ctx, dueline.Request{Queue: "reminders", ID: order, In: 72 * time.Hour})
	return err
}

func (s shop) pay(ctx context.Context, order string) error {
	_, err := s.jobs.Cancel(ctx, "reminders", order, false)
	return err
}

func (s shop) remind(context.Context, *dueline.Job) error { return nil }

func TestAnOrderThatIsPaidBringsNoReminder(t *testing.T) {
	dev := duelinetest.Start(t)
	shop := shop{dev.Client}
	dev.Worker("reminders", shop.remind)
	check(t, shop.place(t.Context(), "order-17"))
	dev.AssertScheduledIn("reminders", "order-17", 72*time.Hour)

	dev.Advance(48 * time.Hour)
	check(t, shop.pay(t.Context(), "order-17"))
	dev.AssertNotScheduled("reminders", "order-17")
	dev.Advance(48 * time.Hour)

	dev.AssertDelivered("reminders", "order-17", 0)
}

func TestAnOrderThatIsNotPaidBringsOne(t *testing.T) {
	dev := duelinetest.Start(t)
	shop := shop{dev.Client}
	dev.Worker("reminders", shop.remind)
	check(t, shop.place(t.Context(), "order-17"))

	dev.Advance(71 * time.Hour)
	dev.AssertDelivered("reminders", "order-17", 0)
	dev.Advance(time.Hour)
	dev.AssertDelivered("reminders", "order-17", 1)
}

func TestAReportRunsOnceANightOverAChangeToSummerTime(t *testing.T) {
	dev := duelinetest.Start(t)
	vienna, err := time.LoadLocation("Europe/Vienna")
	check(t, err)
	dev.Worker("nightly", func(context.Context, *dueline.Job) error { return nil })

	// To the noon of the Friday before clocks change: that is on a Sunday, from 2 to 3 o'clock.
	now := dev.Now().In(vienna)
	_, change := time.Date(now.Year()+1, time.January, 1, 0, 0, 0, 0, vienna).ZoneBounds()
	dev.AdvanceTo(time.Date(change.Year(), change.Month(), change.Day()-2, 12, 0, 0, 0, vienna))
	_, err = dev.Client.Schedule(t.Context(), dueline.Request{
		Queue: "nightly", ID: "report", Cron: "30 2 * * *", TimeZone: "Europe/Vienna",
	})
	check(t, err)
	dev.Advance(3 * 24 * time.Hour)

	var runs []string
	for _, job := range dev.AssertDelivered("nightly", "report", 3) {
		runs = append(runs, job.Due.In(vienna).Format("Mon 15:04"))
	}
	if !slices.Equal(runs, []string{"Sat 02:30", "Sun 03:00", "Mon 02:30"}) {
		t.Error(runs)
	}
}

func TestAMailThatFailsIsTriedThreeTimes(t *testing.T) {
	dev := duelinetest.Start(t)
	dev.Worker("mail", func(context.Context, *dueline.Job) error { return errors.New("no mail server") })
	_, err := dev.Client.Schedule(t.Context(), dueline.Request{
		Queue: "mail", ID: "ann", In: time.Hour, Retry: &dueline.RetryPolicy{
			MaxAttempts: 3, InitialBackoff: durationpb.New(time.Minute), Jitter: proto.Float64(0),
		},
	})
	check(t, err)
	dev.Advance(24 * time.Hour)

	tries := dev.AssertDelivered("mail", "ann", 3)
	for i, backoff := range []time.Duration{time.Minute, 2 * time.Minute} {
		if waited := tries[i+1].Due.Sub(tries[i].Dispatched); waited < backoff {
			t.Errorf("after try %d it waited for %v", i+1, waited)
		}
	}
	dev.AssertNotScheduled("mail", "ann")
	job, err := dev.Client.Get(t.Context(), "mail", "ann")
	check(t, err)
	if job.State != dueline.StateDead || job.LastFailure != "no mail server" {
		t.Error(job)
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
