package dev.dueline.cli.text;

import com.google.protobuf.ByteString;
import dev.dueline.text.EscapedText;
import java.util.Base64;

/** A payload in one field of a line. */
public final class PayloadText {
  /** Tells bytes from a text that looks like base64. */
  private static final String BASE64 = "base64:";

  private PayloadText() {}

  /** The payload itself where it is printable UTF-8, else {@code base64:} and its bytes. */
  public static String format(ByteString payload) {
    if (payload.isValidUtf8()) {
      String text = payload.toStringUtf8();
      if (!text.startsWith(BASE64) && text.codePoints().allMatch(EscapedText::isPrintable)) {
        return text;
      }
    }
    return BASE64 + Base64.getEncoder().encodeToString(payload.toByteArray());
  }
}
