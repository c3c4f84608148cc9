package dev.dueline.job.recurrence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which expressions are refused, from which dialect they are, and what to write. */
class CronRefusalTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "@every 5m                | Go's cron         | set interval",
        "@reboot                  | crontab(5)        | without recurrence",
        "@fortnightly             | must be @yearly   | @hourly",
        "daily                    | systemd           | write @daily",
        "TZ=Europe/Berlin 0 9 * * * | Go's cron       | time_zone",
        "CRON_TZ=UTC 0 9 * * *    | crontab(5)        | time_zone",
        "every 5 minutes          | App Engine        | */5 * * * *",
        "every day 09:00          | App Engine        | set interval",
        "rate(5 minutes)          | EventBridge       | set interval",
        "cron(0 9 * * ? *)        | EventBridge       | without its year",
        "0 9 ? * MON-FRI *        | Quartz            | write *",
        "0 9 * * MON-FRI 2026     | a year            | end_time",
        "0 0 9 * * MON *          | a year            | end_time",
        "PT5M                     | ISO 8601          | set interval",
        "R/2026-01-01T00:00Z/P1D  | ISO 8601          | set interval",
        "FREQ=DAILY;INTERVAL=2    | iCalendar         | five fields",
        "Mon *-*-* 09:00:00       | systemd           | five fields",
        "09:30                    | systemd           | five fields",
        "H * * * *                | Jenkins           | such as 2",
        "H/5 * * * *              | Jenkins           | such as 2-59/5",
        "H(0-29)/10 * * * *       | Jenkins           | such as 2-29/10",
        "0 9 L * *                | Quartz            | 28-31",
        "0 9 L-3 * *              | Quartz            | 28-31",
        "0 9 LW * *               | Quartz            | 28-31",
        "0 9 * * 5L               | Quartz            | the weekday alone",
        "0 9 * * FRIL             | Quartz            | the weekday alone",
        "0 9 * * L                | Quartz            | write SAT",
        "0 9 15W * *              | Quartz            | MON-FRI",
        "0 9 * * 5#3              | Quartz            | 15 to 21",
        "0 9 * * WED#1            | Quartz            | 1 to 7",
        "0 9 * * THU#5            | Quartz            | 29 to 31",
        "0 9 * * MON#L            | has #L            | another comes",
        "0 9 * * 1#L              | no rule here      | another comes",
        "0 9 * * MON#6            | no other such     | the day of the month",
        "0 9 * * MON#0            | no other such     | the day of the month",
        "0 9 * * MON#             | without a number       | the day of the month",
        "0 9 1-L * *              | Quartz            | write 1-31",
        "0 9 31-L * *             | Quartz            | write 31",
        "0 9 1-5L * *             | Quartz            | 28-31",
        "0 9 WL * *               | Quartz            | 28-31",
        "0 9 L/2 * *              | Quartz            | 28-31",
        "0 9 * * 1-L              | Quartz            | write SAT",
        "0 9 * * MON-L            | Quartz            | write SAT",
        "0 9 * * 1-5L             | Quartz            | the weekday alone",
        "0 9 * * MON-FRIL         | Quartz            | the weekday alone",
        "0 9 W * *                | Quartz            | MON-FRI",
        "0 9 1-15W * *            | Quartz            | MON-FRI",
        "0 9 1C * *               | has C, a word of Quartz | the days",
        "0 9 * * 1C               | has C, a word of Quartz | the date",
        "0~59 * * * *             | OpenBSD           | of your own",
        "*/90 * * * *             | at 0 only         | every 90 minutes",
        "*/60 * * * * *           | at 0 only         | every 60 seconds",
        "5/60 * * * *             | at 5 only         | write 5",
        "0 */36 * * *             | at 0 only         | every 36 hours",
        "0 0 */45 * *             | at 1 only         | every 45 days",
        "0 0 1 */18 *             | at 1 only         | write 1",
        "0 0 1 */12 *             | at 1 only         | write 1",
        "0 0 1 3-12/12 *          | at 3 only         | write 3",
        "0 0 * * */8              | at 0 only         | write 0",
        "*/0 * * * *              | a step of 0       | at least 1",
        "50-10 * * * *            | descends          | write 50-59,0-10",
        "0 22-6 * * *             | descends          | write 22-23,0-6",
        "0 22-6/2 * * *           | descends          | write 22,0,2,4,6",
        "0 21-6/2 * * *           | descends          | write 21,23,1,3,5",
        "0 0 25-5 * *             | descends          | write 25-31,1-5",
        "0 0 1 NOV-FEB *          | descends          | write NOV-DEC,JAN-FEB",
        "0 0 1 12-1 *             | descends          | write DEC,JAN",
        "0 0 * * FRI-MON          | descends          | write FRI-SAT,SUN-MON",
        "0 0 * * MON-SUN          | descends          | write MON-SAT,SUN",
        "0 0 * * 7-2              | descends          | write SUN-TUE",
        "0 0 * * MONDAY           | in full           | MON",
        "0 0 * * thursday-friday  | in full           | THU",
        "0 0 1 APRIL *            | in full           | APR",
        "0 0 1 MARCH *            | in full           | MAR",
        "1, 2 * * * *             | an empty place    | 1,2",
        "1 ,2 * * * *             | an empty place    | 1,2",
        "1, * * * *               | an empty place    | 1,2",
        "0 0 9 * * MON 2026 x     | has 8             | no place for a command",
        "0 9 * * * root /bin/true | has 7             | no place for a command",
        "0 9 * * MON-FRI command  | no field          | the first five alone",
        "0 9 * * MON-FRI monitor  | no field          | the first five alone",
        "0 9 * * * /bin/true      | no field          | the first five alone",
        "30 2 1 JAN * backup.sh   | no field          | the first five alone",
        "0 0 9 * * MO             | no field          | SUN to SAT",
        "0 0 9 * * MONDAY         | in full           | MON",
        "0 0 9 * * MON-FRIL       | Quartz            | the weekday alone",
        "0 9 * * * H              | Jenkins           | such as 2",
        "* * * *                  | must have five    | has 4",
        "0 0 * * MO               | day of week       | SUN to SAT",
        "0 0 * FOO *              | month             | JAN to DEC",
        "0 0 JAN * *              | day of month      | 1 to 31",
        "0 24 * * *               | has an hour that  | 0 to 23",
        "0 0 32 * *               | has a day of month that | 1 to 31",
        "60 * * * *               | minute            | 0 to 59",
      })
  void saysWhatToWrite(String expression, String reason, String instead) {
    assertThatThrownBy(() -> new Cron(expression, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason)
        .hasMessageContaining(instead);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "* 24 * * *",
        "* * 0 * *",
        "* * 32 * *",
        "* * * 13 * ",
        "* * * 0 *",
        "* * * * 8",
        "-1 * * * *",
        "5-1 * * * *",
        "1,,2 * * * *",
        "a * * * *",
        "1.5 * * * *",
        "١ * * * *",
        "０ ９ * * *",
        "0 9\n* * *",
        "0 9 *\u00A0* *",
        "99999999999 * * * *",
        "** * * * *",
        "1-2-3 * * * *",
        "*/1/2 * * * *",
        "*-5 * * * *",
        "5- * * * *",
        "/5 * * * *",
        "*/ * * * *",
        "*/99999999999 * * * *",
        "0 0 * * 9-8",
        "0 0 * * MON-",
        "\u202E* * * * *"
      })
  void refusesWhatItCannotRead(String expression) {
    assertThatThrownBy(() -> new Cron(expression, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("(must|has|is) [ -~]*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"*", "-", ",", "#", "L", "1-", "*/", "@", "9:", "R", "((", "H(", "\u202E"})
  void whateverIsSentIsReadOrRefusedInWords(String part) {
    for (int fields = 1; fields < 8; fields++) {
      String field = part.repeat(256 / fields / part.length() - 1);
      String expression = (field + " ").repeat(fields);
      assertThatThrownBy(() -> new Cron(expression, ""))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 0 */31 * MON", "0 2 29 2 */7", "0 0 1 */11 *"})
  void aStepThatSaysWhatNothingElseDoesIsRead(String expression) {
    assertThat(new Cron(expression, "").expression()).isEqualTo(expression);
  }

  @Test
  void aRecordMayHoldAStepThatIsRefusedToday() {
    assertThat(Cron.stored("0 0 1 */12 *", "").expression()).isEqualTo("0 0 1 */12 *");
  }

  @Test
  void aRecordMayHoldNoOtherDialectEither() {
    assertThatThrownBy(() -> Cron.stored("H * * * *", "")).hasMessageContaining("Jenkins");
  }
}
