package dev.dueline.client;

import com.google.protobuf.Message;
import dev.dueline.v1.QueueServiceGrpc;
import dev.dueline.v1.SchedulerServiceGrpc;
import grpc.health.v1.HealthGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A real gRPC server on loopback, whose answers a test writes and whose requests it reads. */
public final class ScriptedScheduler implements AutoCloseable {
  /** What one method answers. */
  public interface Answer {
    /** Answers one call. */
    void give(Message request, StreamObserver<Message> response);
  }

  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<Message> requests = new CopyOnWriteArrayList<>();
  private final Server server;
  private final String address;

  /** Starts it. */
  public ScriptedScheduler() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
            .addService(service(SchedulerServiceGrpc.getServiceDescriptor()))
            .addService(service(QueueServiceGrpc.getServiceDescriptor()))
            .addService(service(HealthGrpc.getServiceDescriptor()))
            .build()
            .start();
    address = "127.0.0.1:" + server.getPort();
  }

  private ServerServiceDefinition service(ServiceDescriptor descriptor) {
    var service = ServerServiceDefinition.builder(descriptor);
    descriptor.getMethods().forEach(method -> define(service, method));
    return service.build();
  }

  @SuppressWarnings("unchecked")
  private void define(ServerServiceDefinition.Builder service, MethodDescriptor<?, ?> method) {
    var typed = (MethodDescriptor<Message, Message>) method;
    String name = method.getBareMethodName();
    service.addMethod(
        typed,
        method.getType() == MethodDescriptor.MethodType.UNARY
            ? ServerCalls.asyncUnaryCall((request, out) -> answer(name, request, out))
            : ServerCalls.asyncServerStreamingCall((request, out) -> answer(name, request, out)));
  }

  private void answer(String method, Message request, StreamObserver<Message> response) {
    requests.add(request);
    answers
        .getOrDefault(
            method, (ignored, out) -> out.onError(Status.UNIMPLEMENTED.asRuntimeException()))
        .give(request, response);
  }

  /** Answers a method from now on. */
  public void on(String method, Answer answer) {
    answers.put(method, answer);
  }

  /** Answers a method with one message. */
  @SuppressWarnings("unchecked")
  public <T extends Message> void reply(String method, Function<T, Message> reply) {
    on(
        method,
        (request, response) -> {
          response.onNext(reply.apply((T) request));
          response.onCompleted();
        });
  }

  /** The requests of one type, in order. */
  public <T extends Message> List<T> requests(Class<T> type) {
    return requests.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** A connection to it, whose calls have all the time that a loaded machine takes. */
  public Connection connect() {
    return connect(Duration.ofMinutes(1));
  }

  /** A connection to it, whose calls have so much time. */
  public Connection connect(Duration timeout) {
    return Connection.open(ConnectionSettings.plaintext(ServerAddress.parse(address), timeout));
  }

  /** Where it listens. */
  public String address() {
    return address;
  }

  @Override
  public void close() throws InterruptedException {
    server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
  }
}
