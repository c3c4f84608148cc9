package dev.dueline.job.recurrence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a cron expression means, for people. */
class CronWordsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 9 * * MON          | at 09:00 on Mondays
          0 3 * * *            | each day at 03:00
          @daily               | each day at 00:00
          @hourly              | each hour at minute 0
          @yearly              | at 00:00 on day 1 of the month, in January
          * * * * *            | each minute
          * * * * * *          | each second
          30 * * * * *         | each minute, at second 30
          */15 * * * *         | every 15 minutes
          5,35 * * * *         | each hour at minute 5 and minute 35
          0 9,12,18 * * *      | each day at 09:00, 12:00 and 18:00
          30 0 9 * * 1-5       | at 09:00:30 from Monday to Friday
          0 9 * * 0,6          | at 09:00 on Saturdays and Sundays
          0 9 * * 7            | at 09:00 on Sundays
          */20 9-17 * * MON-FRI | every 20 minutes from 09:00 to 17:40 from Monday to Friday
          0 8-20 * * *         | each hour from 08:00 to 20:00
          30 */2 * * *         | every 2 hours from 00:30
          0 0 1,15 * *         | at 00:00 on day 1 and day 15 of the month
          0 0 1-7 * *          | at 00:00 from day 1 to day 7 of the month
          0 0 13 * FRI         | at 00:00 on day 13 of the month, and on Fridays
          0 0 1 1-3 *          | at 00:00 on day 1 of the month, from January to March
          0 0 1 */3 *          | at 00:00 on day 1 of the month, in January, April, July and October
          0 0 */2 * FRI        | ''
          */7 * * * *          | ''
          0 0 */2 * *          | ''
          */10 */5 * * *       | ''
          """)
  void hasWords(String expression, String words) {
    assertThat(new Cron(expression, "").words()).isEqualTo(words);
  }
}
