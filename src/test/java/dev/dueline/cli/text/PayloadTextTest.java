package dev.dueline.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PayloadTextTest {
  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "7b 22 61 22 3a 31 7d, '{\"a\":1}'",
    "c3 a4 20 e2 82 ac, ä €",
    "61 09 62, base64:YQli",
    "ff fe, base64://4=",
    "1b 5b 32 4a, base64:G1sySg==",
    "62 61 73 65 36 34 3a 78, base64:YmFzZTY0Ong="
  })
  void keepsPrintableTextAndCodesTheRest(String hex, String expected) {
    ByteString payload = ByteString.fromHex(hex.replace(" ", ""));
    assertThat(PayloadText.format(payload)).isEqualTo(expected);
  }
}
