package dev.dueline.cli.queue;

import dev.dueline.cli.remote.ConnectionOptions;
import dev.dueline.cli.remote.ExitCode;
import dev.dueline.cli.remote.ServiceCommand;
import dev.dueline.cli.text.Console;
import dev.dueline.cli.text.IdText;
import dev.dueline.cli.text.UsageException;
import dev.dueline.client.Connection;
import dev.dueline.v1.GetQueueRequest;
import dev.dueline.v1.QueueDelivery;
import dev.dueline.v1.SetQueueDeliveryRequest;
import dev.dueline.v1.StreamDelivery;
import dev.dueline.v1.WatcherDelivery;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows and chooses how due jobs leave a queue. */
@Command(
    name = "delivery",
    description =
        "Chooses how due jobs leave a queue, and prints what is in force, a line a field.")
final class DeliveryCommand extends ServiceCommand {
  @Parameters(
      index = "0",
      paramLabel = "QUEUE",
      converter = IdText.Reader.class,
      description = "The queue.")
  private String queue = "";

  @Option(names = "--watchers", description = "To watchers and pulls.")
  private boolean watchers;

  @Option(names = "--stream", description = "Into a Redis Stream.")
  private boolean stream;

  @Option(names = "--group", paramLabel = "NAME", description = "The stream's consumer group.")
  private String group = "";

  @Option(
      names = "--max-length",
      paramLabel = "N",
      description = "Entries of the stream beyond which jobs wait in the queue.")
  private long maxLength;

  DeliveryCommand(Console console, ConnectionOptions connection) {
    super(console, connection);
  }

  @Override
  protected int run(Connection service) {
    if (watchers && stream) {
      throw new UsageException("--watchers and --stream exclude each other");
    }
    if (!stream && (!group.isEmpty() || maxLength != 0)) {
      throw new UsageException("--group and --max-length go with --stream");
    }
    printEach(QueueFields.of(watchers || stream ? set(service) : get(service)));
    return ExitCode.DONE;
  }

  private QueueDelivery get(Connection service) {
    GetQueueRequest request = GetQueueRequest.newBuilder().setQueue(queue).build();
    return service.queues().getQueue(request).getQueue().getDelivery();
  }

  private QueueDelivery set(Connection service) {
    QueueDelivery.Builder delivery = QueueDelivery.newBuilder();
    if (stream) {
      delivery.setStream(
          StreamDelivery.newBuilder().setConsumerGroup(group).setMaxStreamLength(maxLength));
    } else {
      delivery.setWatchers(WatcherDelivery.getDefaultInstance());
    }
    SetQueueDeliveryRequest request =
        SetQueueDeliveryRequest.newBuilder().setQueue(queue).setDelivery(delivery).build();
    return service.queues().setQueueDelivery(request).getQueue().getDelivery();
  }
}
