package dev.dueline.system.abuse.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** What a TLS connection begins with (RFC 8446, sections 4.1.2 and 5.1), as bytes. */
public final class ClientHello {
  private static final int HANDSHAKE = 22;
  private static final int RECORD_BYTES = 1 << 14;

  private ClientHello() {}

  /** A sound one, for TLS 1.3 and HTTP/2. */
  public static byte[] sound() {
    try {
      SSLEngine engine = SSLContext.getDefault().createSSLEngine();
      engine.setUseClientMode(true);
      SSLParameters parameters = engine.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      engine.setSSLParameters(parameters);
      ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
      engine.wrap(ByteBuffer.allocate(0), out);
      return Arrays.copyOf(out.array(), out.position());
    } catch (GeneralSecurityException | SSLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One that says that it has so many bytes, and lacks the last, in records of 16 KiB. */
  public static byte[] incomplete(int bytes) {
    byte[] message = new byte[bytes - 1];
    message[0] = 1;
    message[1] = (byte) (bytes - 4 >> 16);
    message[2] = (byte) (bytes - 4 >> 8);
    message[3] = (byte) (bytes - 4);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int from = 0; from < message.length; from += RECORD_BYTES) {
      int length = Math.min(RECORD_BYTES, message.length - from);
      out.writeBytes(head(length));
      out.write(message, from, length);
    }
    return out.toByteArray();
  }

  /** The head of a record of so many bytes. */
  public static byte[] head(int length) {
    return new byte[] {HANDSHAKE, 3, 1, (byte) (length >> 8), (byte) length};
  }
}
