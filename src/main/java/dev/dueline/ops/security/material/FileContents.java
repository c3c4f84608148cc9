package dev.dueline.ops.security.material;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Tells whether files have changed: by what is in them, as links and clocks may deceive. */
public final class FileContents {
  private final List<Path> files;
  private String seen;

  /** They are as they are now. */
  public FileContents(List<Path> files) {
    this.files = List.copyOf(files);
    this.seen = print();
  }

  /** Whether they have changed since the last time. */
  public boolean haveChanged() {
    String now = print();
    boolean isOther = !now.equals(seen);
    seen = now;
    return isOther;
  }

  private String print() {
    StringBuilder all = new StringBuilder();
    for (Path file : files) {
      try {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(SmallFile.read(file));
        all.append(HexFormat.of().formatHex(digest)).append(' ');
      } catch (IOException e) {
        all.append("unreadable ");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
    return all.toString();
  }
}
