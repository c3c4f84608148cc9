package dev.dueline.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dueline.access.CertificateName.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What settings mean by names of certificates. */
class CertificateNameTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          uri:spiffe://example.org/Worker | URI         | spiffe://example.org/Worker
          uri:urn:example:worker          | URI         | urn:example:worker
          uri:spiffe:worker               | URI         | spiffe:worker
          spiffe://example.org/worker     | URI         | spiffe://example.org/worker
          dns:Worker.Example.ORG          | DNS         | worker.example.org
          worker.example.org              | DNS         | worker.example.org
          worker                          | DNS         | worker
          cn:Worker 7                     | COMMON_NAME | Worker 7
          cn:spiffe://example.org/worker  | COMMON_NAME | spiffe://example.org/worker
          """)
  void anEntryHasAKind(String entry, Kind kind, String value) {
    assertThat(CertificateName.parse(entry)).isEqualTo(new CertificateName(kind, value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "uri:",
        "dns:",
        "cn:",
        "cn: a",
        "uri:worker",
        "uri:a b://c",
        "urn:example:worker",
        "URI:spiffe://a b",
        "dns:*.example.org",
        "*.example.org",
        "worker.",
        "dns:10.0.0.1",
        "::1",
        "Worker 7",
        "a@example.org",
        "-a",
        "a..b",
        "worker\0.example.org",
        "cn:a\0b",
        "cn:a\nb"
      })
  void anEntryThatCouldMatchNothingIsRefusedWithWhatToWrite(String entry) {
    assertThatThrownBy(() -> CertificateName.parse(entry))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("write ");
  }

  @Test
  void whatACertificateShowsIsComparedAsItsKindIs() {
    assertThat(CertificateName.shown(Kind.DNS, "Worker.EXAMPLE.org"))
        .contains(CertificateName.parse("dns:worker.example.org"));
    assertThat(CertificateName.shown(Kind.URI, "spiffe://example.org/Worker"))
        .get()
        .isNotEqualTo(CertificateName.parse("uri:spiffe://example.org/worker"));
    assertThat(CertificateName.shown(Kind.COMMON_NAME, "worker\0.evil.example")).isEmpty();
  }
}
