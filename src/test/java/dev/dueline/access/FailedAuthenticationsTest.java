package dev.dueline.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How often an address may fail, and how many addresses are remembered. */
class FailedAuthenticationsTest {
  private static final long MINUTE_NANOS = 60_000_000_000L;

  private final AtomicLong nanos = new AtomicLong();
  private final FailedAuthentications failures = new FailedAuthentications(3, nanos::get);

  @Test
  void anAddressMayFailSoOftenAndAgainAMinuteLater() {
    assertThat(failed("a", 3)).isTrue();
    assertThat(failed("a", 1)).isFalse();
    assertThat(failed("b", 3)).isTrue();
    nanos.addAndGet(MINUTE_NANOS / 3);
    assertThat(failed("a", 1)).isTrue();
    assertThat(failed("a", 1)).isFalse();
    nanos.addAndGet(MINUTE_NANOS);
    assertThat(failed("a", 3)).isTrue();
    assertThat(failed("a", 1)).isFalse();
  }

  @Test
  void whoFailedLongestAgoIsForgotten() {
    failed("known", 3);
    failed("forgotten", 3);
    for (int i = 0; i < 9_998; i++) {
      failed("n" + i, 1);
    }
    assertThat(failed("known", 1)).isFalse();
    failed("one more", 1);
    assertThat(failed("known", 1)).isFalse();
    assertThat(failed("forgotten", 1)).isTrue();
  }

  @Test
  void aNetworkOfIpv6StandsForItsHosts() {
    assertThat(address("2001:db8:1:2:3:4:5:6")).isEqualTo(address("2001:db8:1:2::9"));
    assertThat(address("2001:db8:1:2::9")).isNotEqualTo(address("2001:db8:1:3::9"));
    assertThat(address("10.0.0.1")).isEqualTo("10.0.0.1");
  }

  private boolean failed(String address, int times) {
    boolean mayGoOn = true;
    for (int i = 0; i < times; i++) {
      mayGoOn = failures.mayGoOn(address);
    }
    return mayGoOn;
  }

  private static String address(String number) {
    return PeerAddress.of(new InetSocketAddress(number, 1));
  }
}
