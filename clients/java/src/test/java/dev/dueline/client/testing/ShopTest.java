package dev.dueline.client.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import dev.dueline.client.Connection;
import dev.dueline.client.producer.NewJob;
import dev.dueline.client.producer.Producer;
import dev.dueline.client.worker.Delivery;
import dev.dueline.client.worker.JobHandler;
import dev.dueline.client.worker.Result;
import dev.dueline.v1.Job;
import dev.dueline.v1.JobState;
import dev.dueline.v1.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What docs/testing.md shows. */
@ExtendWith(DuelineExtension.class)
class ShopTest {
  /** The code under test: it reminds who has not paid after three days. */
  record Shop(Producer jobs) {
    Shop(Connection dueline) {
      this(new Producer(dueline));
    }

    void place(String order) {
      jobs.schedule(NewJob.of("reminders").id(order).in(Duration.ofDays(3))).join();
    }

    void pay(String order) {
      jobs.cancel("reminders", order).join();
    }

    Result remind(Delivery job) {
      return Result.done();
    }
  }

  @Test
  void anOrderThatIsPaidBringsNoReminder(DevService dev) {
    Shop shop = new Shop(dev.connection());
    dev.worker("reminders", JobHandler.blocking(shop::remind));
    shop.place("order-17");
    dev.assertScheduled("reminders", "order-17", Duration.ofDays(3));

    dev.advance(Duration.ofDays(2));
    shop.pay("order-17");
    dev.assertNotScheduled("reminders", "order-17");
    dev.advance(Duration.ofDays(2));

    dev.assertDelivered("reminders", "order-17", 0);
  }

  @Test
  void anOrderThatIsNotPaidBringsOne(DevService dev) {
    Shop shop = new Shop(dev.connection());
    dev.worker("reminders", JobHandler.blocking(shop::remind));
    shop.place("order-17");

    dev.advance(Duration.ofHours(71));
    dev.assertDelivered("reminders", "order-17", 0);
    dev.advance(Duration.ofHours(1));
    dev.assertDelivered("reminders", "order-17", 1);
  }

  @Test
  void aReportRunsOnceANightOverAChangeToSummerTime(DevService dev) {
    ZoneId vienna = ZoneId.of("Europe/Vienna");
    dev.worker("nightly", JobHandler.blocking(job -> Result.done()));

    // To the noon before clocks change, in the night from 2 to 3 o'clock.
    LocalDate newYear = LocalDate.of(dev.now().atZone(vienna).getYear() + 1, 1, 1);
    Instant midwinter = newYear.atStartOfDay(vienna).toInstant();
    LocalDate day = vienna.getRules().nextTransition(midwinter).getDateTimeBefore().toLocalDate();
    dev.advanceTo(day.minusDays(1).atTime(12, 0).atZone(vienna).toInstant());
    new Producer(dev.connection())
        .schedule(NewJob.of("nightly").id("report").cron("30 2 * * *", "Europe/Vienna"))
        .join();
    dev.advance(Duration.ofDays(3));

    List<LocalDateTime> runs =
        dev.assertDelivered("nightly", "report", 3).stream()
            .map(run -> LocalDateTime.ofInstant(time(run.job().getDueTime()), vienna))
            .toList();
    assertEquals(
        List.of(day.atTime(3, 0), day.plusDays(1).atTime(2, 30), day.plusDays(2).atTime(2, 30)),
        runs);
  }

  @Test
  void aMailThatFailsIsTriedThreeTimes(DevService dev) {
    dev.worker("mail", JobHandler.blocking(job -> Result.failed("no mail server")));
    RetryPolicy retries =
        RetryPolicy.newBuilder()
            .setMaxAttempts(3)
            .setInitialBackoff(com.google.protobuf.Duration.newBuilder().setSeconds(60))
            .setJitter(0)
            .build();
    Producer jobs = new Producer(dev.connection());
    jobs.schedule(NewJob.of("mail").id("ann").in(Duration.ofHours(1)).retry(retries)).join();
    dev.advance(Duration.ofDays(1));

    List<Delivery> tries = dev.assertDelivered("mail", "ann", 3);
    for (int i = 1; i < 3; i++) {
      Instant failed = time(tries.get(i - 1).job().getDispatchTime());
      Instant again = time(tries.get(i).job().getDueTime());
      assertTrue(Duration.between(failed, again).toMinutes() >= i, "after try " + i);
    }
    dev.assertNotScheduled("mail", "ann");
    Job job = jobs.get("mail", "ann").join();
    assertEquals(JobState.JOB_STATE_DEAD, job.getState());
    assertEquals("no mail server", job.getLastFailure());
  }

  private static Instant time(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }
}
