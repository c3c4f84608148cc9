package dev.dueline.ops.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VmErrorsTest {
  /** As JDK 17 and 25 print it. */
  @Test
  void countsAreTakenFromTheirLines() {
    String page =
        """
        OutOfMemory and StackOverflow Exception counts:
        OutOfMemoryError java_heap_errors=2
        OutOfMemoryError metaspace_errors=1
        StackOverflowErrors=7
        LinkageErrors=7

        Event: 3.860 Thread 0x00007fdf Exception <a 'java/lang/OutOfMemoryError'{0x00000000fc03fcd0}>
        """;
    assertThat(VmErrors.outOfMemory(page)).isEqualTo("java_heap_errors=2, metaspace_errors=1");
  }

  @Test
  void othersAreNoneOfThese() {
    String page = "OutOfMemory and StackOverflow Exception counts:\nStackOverflowErrors=7\n";
    assertThat(VmErrors.outOfMemory(page)).isEmpty();
  }

  @Test
  void thisJvmTells() throws UnknownCountException {
    assertThat(new VmErrors().outOfMemory()).isEmpty();
  }
}
