package dev.dueline.grpc.message;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.io.IOException;
import java.io.InputStream;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests within bounds; fields that their type does not have are not kept. A request that
 * cannot be read is replaced by a sentinel, so that an interceptor can refuse it with a reason: for
 * exceptions from here gRPC answers UNKNOWN and logs a stack trace, past all interceptors.
 * Thread-safe.
 *
 * @param <Q> the type of requests
 */
public final class BoundedMarshaller<Q> implements PrototypeMarshaller<Q> {
  private final PrototypeMarshaller<Q> plain;
  private final Parser<? extends Message> parser;
  private final FieldBounds bounds;
  private final int maxBytes;
  private final Map<Object, Refusal> bySentinel = new IdentityHashMap<>();
  private final Map<Refusal, Message> sentinels = new IdentityHashMap<>();

  /**
   * A marshaller with bounds.
   *
   * @param method whose requests it reads, as its generated code has it
   * @param lists most items of each list in the type, by the field's full name
   * @param maxBytes of a message, once it is decompressed
   */
  public BoundedMarshaller(
      MethodDescriptor<Q, ?> method, Map<String, Integer> lists, int maxBytes) {
    this.plain = (PrototypeMarshaller<Q>) method.getRequestMarshaller();
    this.maxBytes = maxBytes;
    Message prototype = (Message) this.plain.getMessagePrototype();
    this.parser = DiscardUnknownFieldsParser.wrap(prototype.getParserForType());
    this.bounds = FieldBounds.of(requestType(method), lists);
    for (Refusal refusal : bounds.refusals()) {
      // Equal to an empty request, and yet another object: it is known by that.
      Message sentinel = prototype.newBuilderForType().build();
      bySentinel.put(sentinel, refusal);
      sentinels.put(refusal, sentinel);
    }
  }

  /** Not asked of a message, which would look for its fields by reflection. */
  private static Descriptor requestType(MethodDescriptor<?, ?> method) {
    if (method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier schema) {
      return schema.getMethodDescriptor().getInputType();
    }
    throw new IllegalArgumentException(method.getFullMethodName() + " is not described by a proto");
  }

  /** Why a request was not read; null: it was. */
  public @Nullable Refusal refusal(Object request) {
    return bySentinel.get(request);
  }

  @Override
  @SuppressWarnings("unchecked")
  public Q parse(InputStream stream) {
    return (Q) read(stream);
  }

  private Message read(InputStream stream) {
    try {
      byte[] bytes = bytes(stream);
      Refusal refusal = bytes.length > maxBytes ? Refusal.UNREADABLE : bounds.check(bytes);
      if (refusal != null) {
        return sentinel(refusal);
      }
      CodedInputStream in = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
      // Nobody else has the array: payloads need no copy of their own.
      in.enableAliasing(true);
      Message message = parser.parseFrom(in);
      in.checkLastTagWas(0);
      return message;
    } catch (IOException | StatusRuntimeException e) {
      // Not of this type, or cannot be decompressed.
      return sentinel(Refusal.UNREADABLE);
    }
  }

  /** All of a message; more than the most only if it is too large. */
  private byte[] bytes(InputStream stream) throws IOException {
    return stream instanceof KnownLength
        ? stream.readNBytes(Math.min(stream.available(), maxBytes + 1))
        : stream.readNBytes(maxBytes + 1);
  }

  private Message sentinel(Refusal refusal) {
    Message sentinel = sentinels.get(refusal);
    if (sentinel == null) {
      throw new IllegalStateException("no sentinel for " + refusal);
    }
    return sentinel;
  }

  @Override
  public InputStream stream(Q value) {
    return plain.stream(value);
  }

  @Override
  public Q getMessagePrototype() {
    return plain.getMessagePrototype();
  }

  @Override
  public Class<Q> getMessageClass() {
    return plain.getMessageClass();
  }
}
