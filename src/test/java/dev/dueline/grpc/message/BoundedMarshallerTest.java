package dev.dueline.grpc.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import dev.dueline.v1.AckRequest;
import dev.dueline.v1.BatchScheduleRequest;
import dev.dueline.v1.RetryPolicy;
import dev.dueline.v1.ScheduleRequest;
import dev.dueline.v1.SchedulerServiceGrpc;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a request may hold is counted on the wire, and the rest is read as it was. */
class BoundedMarshallerTest {
  private static final int ITEMS = 10;
  private static final int ATTRIBUTES = 3;
  private static final int MAX_BYTES = 100_000;
  private static final Map<String, Integer> LISTS =
      Map.of(
          "dueline.v1.AckRequest.lease_tokens", ITEMS,
          "dueline.v1.BatchScheduleRequest.requests", ITEMS,
          "dueline.v1.ScheduleRequest.attributes", ATTRIBUTES);

  private final BoundedMarshaller<AckRequest> acks = of(SchedulerServiceGrpc.getAckMethod());
  private final BoundedMarshaller<BatchScheduleRequest> batches =
      of(SchedulerServiceGrpc.getBatchScheduleMethod());

  private static <Q> BoundedMarshaller<Q> of(MethodDescriptor<Q, ?> method) {
    return new BoundedMarshaller<>(method, LISTS, MAX_BYTES);
  }

  private static ScheduleRequest job(int attributes) {
    ScheduleRequest.Builder job =
        ScheduleRequest.newBuilder()
            .setQueue("mail")
            .setJobId("ä-1")
            .setPayload(ByteString.copyFromUtf8("payload"))
            .setRetryPolicy(RetryPolicy.newBuilder().setMaxAttempts(3));
    for (int i = 0; i < attributes; i++) {
      job.putAttributes("name-" + i, "value");
    }
    return job.build();
  }

  private static <Q> @Nullable Refusal refusal(BoundedMarshaller<Q> marshaller, byte[] request) {
    return marshaller.refusal(marshaller.parse(new ByteArrayInputStream(request)));
  }

  @Test
  void aRequestWithinItsBoundsIsReadAsItIs() {
    BatchScheduleRequest.Builder batch = BatchScheduleRequest.newBuilder();
    for (int i = 0; i < ITEMS; i++) {
      batch.addRequests(job(ATTRIBUTES));
    }

    BatchScheduleRequest read =
        batches.parse(new ByteArrayInputStream(batch.build().toByteArray()));

    assertThat(read).isEqualTo(batch.build());
    assertThat(batches.refusal(read)).isNull();
  }

  @Test
  void anEmptyRequestIsNoSentinel() {
    AckRequest read = acks.parse(new ByteArrayInputStream(new byte[0]));

    assertThat(read).isEqualTo(AckRequest.getDefaultInstance());
    assertThat(acks.refusal(read)).isNull();
  }

  @Test
  void aListThatIsTooLongIsRefusedByItsName() throws IOException {
    ByteArrayOutputStream tokens = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(tokens);
    for (int i = 0; i < 10 * ITEMS; i++) {
      out.writeString(AckRequest.LEASE_TOKENS_FIELD_NUMBER, "");
    }
    out.flush();

    assertThat(refusal(acks, tokens.toByteArray())).isEqualTo(new Refusal("lease_tokens", ITEMS));
  }

  @Test
  void aListInAnItemIsRefusedByItsPath() {
    byte[] batch =
        BatchScheduleRequest.newBuilder()
            .addRequests(job(1))
            .addRequests(job(100))
            .build()
            .toByteArray();

    assertThat(refusal(batches, batch)).isEqualTo(new Refusal("requests.attributes", ATTRIBUTES));
  }

  @Test
  void aFieldThatIsNoListMayNotStandManyTimes() throws IOException {
    ByteArrayOutputStream item = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(item);
    for (int i = 0; i < 100; i++) {
      out.writeMessage(ScheduleRequest.RETRY_POLICY_FIELD_NUMBER, RetryPolicy.getDefaultInstance());
    }
    out.flush();
    ByteArrayOutputStream batch = new ByteArrayOutputStream();
    CodedOutputStream items = CodedOutputStream.newInstance(batch);
    items.writeByteArray(BatchScheduleRequest.REQUESTS_FIELD_NUMBER, item.toByteArray());
    items.flush();

    assertThat(refusal(batches, batch.toByteArray()))
        .isEqualTo(new Refusal("requests.retry_policy", 1));
  }

  @Test
  void fieldsOfALaterVersionAreReadOverAndNotKept() {
    UnknownFieldSet.Builder later = UnknownFieldSet.newBuilder();
    for (int number = 1_000; number < 2_000; number++) {
      later.addField(number, Field.newBuilder().addVarint(-1).addFixed32(7).build());
    }
    byte[] request =
        AckRequest.newBuilder()
            .addLeaseTokens("token")
            .setUnknownFields(later.build())
            .build()
            .toByteArray();

    AckRequest read = acks.parse(new ByteArrayInputStream(request));

    assertThat(read).isEqualTo(AckRequest.newBuilder().addLeaseTokens("token").build());
  }

  @Test
  void whatIsCutShortOrHasGroupsIsUnreadable() {
    byte[] whole = AckRequest.newBuilder().addLeaseTokens("token").build().toByteArray();
    for (int length = 1; length < whole.length; length++) {
      assertThat(refusal(acks, java.util.Arrays.copyOf(whole, length)))
          .isEqualTo(Refusal.UNREADABLE);
    }
    byte[] groups =
        UnknownFieldSet.newBuilder()
            .addField(9, Field.newBuilder().addGroup(UnknownFieldSet.getDefaultInstance()).build())
            .build()
            .toByteArray();
    assertThat(refusal(acks, groups)).isEqualTo(Refusal.UNREADABLE);
  }

  @Test
  void aMessageOverItsSizeIsNotRead() {
    byte[] large =
        AckRequest.newBuilder().addLeaseTokens("t".repeat(MAX_BYTES)).build().toByteArray();

    assertThat(refusal(acks, large)).isEqualTo(Refusal.UNREADABLE);
  }

  @Test
  void aListWithoutABoundIsNoticedWhenTheServiceStarts() {
    assertThatThrownBy(
            () -> new BoundedMarshaller<>(SchedulerServiceGrpc.getAckMethod(), Map.of(), MAX_BYTES))
        .hasMessageContaining("lease_tokens has no bound");
  }
}
