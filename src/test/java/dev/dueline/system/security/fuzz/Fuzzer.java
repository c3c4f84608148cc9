package dev.dueline.system.security.fuzz;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import dev.dueline.v1.QueueProto;
import dev.dueline.v1.SchedulerProto;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Sends what no sound client sends, and counts what comes back. */
final class Fuzzer implements AutoCloseable {
  private static final Set<Status.Code> UNFORESEEN =
      Set.of(Status.Code.UNKNOWN, Status.Code.INTERNAL);
  private static final int AT_ONCE = 64;

  /** A sound request for reflection. */
  private static final byte[] LIST_SERVICES = {0x3A, 1, '*'};

  private static final int TOO_LARGE = 5 << 20;
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final int port;
  private final String token;
  private final SplittableRandom random;
  private final RandomRequests requests;
  private final List<MethodDescriptor> methods = new ArrayList<>();
  private final Semaphore free = new Semaphore(AT_ONCE);
  private final Semaphore heard = new Semaphore(0);
  private final Map<String, LongAdder> answers = new ConcurrentSkipListMap<>();
  private final List<Socket> sockets = new ArrayList<>();
  private ManagedChannel channel;

  Fuzzer(int port, String token, long seed) {
    this.port = port;
    this.token = token;
    this.random = new SplittableRandom(seed);
    this.requests = new RandomRequests(random);
    for (ServiceDescriptor service : SchedulerProto.getDescriptor().getServices()) {
      methods.addAll(service.getMethods());
    }
    for (ServiceDescriptor service : QueueProto.getDescriptor().getServices()) {
      methods.addAll(service.getMethods());
    }
    this.channel = open();
  }

  /** How often each status came, by "code after kind". */
  Map<String, LongAdder> answers() {
    return answers;
  }

  /** One more bad thing. */
  void step() {
    MethodDescriptor method = methods.get(random.nextInt(methods.size()));
    String name = method.getService().getFullName() + "/" + method.getName();
    byte[] request = requests.of(method.getInputType());
    switch (random.nextInt(40)) {
      case 0 -> call("stranger", name, request, requests.authorization());
      case 1 -> call("unknown", name + "X", request, "Bearer " + token);
      case 2 -> call("unknown", "no.such.Service/Call", request, "Bearer " + token);
      case 3 -> {
        if (random.nextInt(20) == 0) {
          call("large", name, new byte[TOO_LARGE], "Bearer " + token);
        }
      }
      case 4 ->
          call(
              "reflection",
              reflection(),
              random.nextBoolean() ? LIST_SERVICES : request,
              "Bearer " + token);
      case 5 ->
          call(
              "health",
              "grpc.health.v1.Health/" + (random.nextBoolean() ? "Check" : "Watch"),
              random.nextBoolean() ? new byte[0] : request,
              "");
      case 6 -> neverEnds(name);
      case 7 -> {
        if (random.nextInt(10) == 0) {
          socket();
        }
      }
      default -> call("known", name, request, "Bearer " + token);
    }
  }

  /** As many streams as are asked for, all open at once, and gone again. */
  void streams(int count) {
    heard.drainPermits();
    List<ManagedChannel> channels = new ArrayList<>();
    byte[] request = {0x0A, 6, 'f', 'u', 'z', 'z', '-', '1'};
    for (int i = 0; i < count; i++) {
      if (i % 900 == 0) {
        channels.add(open());
      }
      ClientCall<byte[], byte[]> call =
          start(
              "stream",
              channels.get(channels.size() - 1),
              watchDue(),
              "Bearer " + token,
              20,
              false);
      call.sendMessage(request);
      call.halfClose();
    }
    heard.acquireUninterruptibly(count);
    channels.forEach(ManagedChannel::shutdownNow);
  }

  /** Closes all connections and opens another. */
  void reconnect() {
    await();
    channel.shutdownNow();
    channel = open();
    sockets.forEach(Fuzzer::close);
    sockets.clear();
  }

  /** Until all calls have an answer. */
  private void await() {
    free.acquireUninterruptibly(AT_ONCE);
    free.release(AT_ONCE);
  }

  private void call(String kind, String method, byte[] request, String authorization) {
    ClientCall<byte[], byte[]> call = start(kind, channel, method, authorization, 1, true);
    call.sendMessage(request);
    call.halfClose();
  }

  /** Begins, and says no more. */
  private void neverEnds(String method) {
    ClientCall<byte[], byte[]> call = start("loris", channel, method, "Bearer " + token, 2, true);
    if (random.nextBoolean()) {
      call.sendMessage(requests.bytes(20));
    }
  }

  private ClientCall<byte[], byte[]> start(
      String kind,
      Channel channel,
      String method,
      String authorization,
      int seconds,
      boolean waits) {
    if (waits) {
      free.acquireUninterruptibly();
    }
    ClientCall<byte[], byte[]> call =
        channel.newCall(
            io.grpc.MethodDescriptor.newBuilder(new Raw(), new Raw())
                .setType(io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING)
                .setFullMethodName(method)
                .build(),
            CallOptions.DEFAULT.withDeadlineAfter(seconds, TimeUnit.SECONDS));
    Metadata headers = new Metadata();
    if (!authorization.isEmpty()) {
      headers.put(AUTHORIZATION, authorization);
    }
    call.start(new Ear(kind, call, waits), headers);
    call.request(1);
    return call;
  }

  /** Half a handshake, or frames of noise, and then silence. */
  private void socket() {
    try {
      Socket socket = new Socket("127.0.0.1", port);
      sockets.add(socket);
      if (random.nextBoolean()) {
        socket.getOutputStream().write(PREFACE);
      }
      socket.getOutputStream().write(requests.bytes(random.nextInt(300)));
    } catch (IOException e) {
      // The server hung up on noise that came before.
      answers.computeIfAbsent("socket refused", key -> new LongAdder()).increment();
    }
  }

  private String reflection() {
    return "grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
  }

  private static String watchDue() {
    return "dueline.v1.SchedulerService/WatchDue";
  }

  private ManagedChannel open() {
    return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    await();
    channel.shutdownNow();
    sockets.forEach(Fuzzer::close);
  }

  /** Counts what comes. */
  private final class Ear extends ClientCall.Listener<byte[]> {
    private final String kind;
    private final ClientCall<byte[], byte[]> call;
    private final boolean waits;
    private boolean isHeard;

    Ear(String kind, ClientCall<byte[], byte[]> call, boolean waits) {
      this.kind = kind;
      this.call = call;
      this.waits = waits;
    }

    @Override
    public void onMessage(byte[] message) {
      hear();
      call.request(1);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      hear();
      String answer =
          kind + " " + (UNFORESEEN.contains(status.getCode()) ? status : status.getCode());
      answers.computeIfAbsent(answer, key -> new LongAdder()).increment();
      if (waits) {
        free.release();
      }
    }

    private void hear() {
      if (!isHeard && !waits) {
        heard.release();
      }
      isHeard = true;
    }
  }

  /** Bytes as they are. */
  private static final class Raw implements io.grpc.MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
