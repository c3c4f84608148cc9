package dev.dueline.system.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dueline.system.process.LoopbackPort;
import dev.dueline.system.process.ServiceProcess;
import dev.dueline.system.security.callers.Tokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The console is part of what is packaged, asks who one is, and is not where it would be unsafe.
 */
class ConsoleIT {
  private static final String HASH = Tokens.hash("token-of-a-test");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @Test
  void everyPageIsThereForWhoSignedIn(@TempDir Path data) throws Exception {
    int port = LoopbackPort.free();
    try (ServiceProcess service =
        ServiceProcess.start(
            "dueline.embedded.data-dir=" + data,
            // A slow machine is not what is tested.
            "dueline.store.timeout=30s",
            "dueline.console.enabled=true",
            "dueline.console.port=" + port,
            "dueline.security.principals.\"ann\".token-sha256=" + HASH,
            "dueline.security.principals.\"ann\".schedule=*",
            "dueline.security.principals.\"ann\".operate=*")) {
      String url = "http://127.0.0.1:" + port;
      assertThat(send(request(url + "/").GET()).statusCode()).isEqualTo(303);
      HttpResponse<String> signedIn = post(url + "/login", "token=token-of-a-test", "");
      String cookie = signedIn.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
      HttpResponse<String> scheduled =
          post(url + "/schedule", "queue=q&id=a&cron=0+3+*+*+*&payload=x&attributes=k%3Dv", cookie);
      assertThat(scheduled.statusCode()).as(scheduled.body()).isEqualTo(303);
      for (String path :
          List.of(
              "/",
              "/queue?queue=q",
              "/jobs?queue=q",
              "/job?queue=q&id=a",
              "/dead?queue=q",
              "/schedule",
              "/settings")) {
        HttpResponse<String> page = send(request(url + path).header("Cookie", cookie).GET());
        assertThat(page.statusCode()).as(path + ": " + page.body()).isEqualTo(200);
        assertThat(page.body()).contains("ann").doesNotContain(HASH);
      }
      assertThat(service.log()).contains("By the console, 'ann' scheduled the job 'a'");
    }
  }

  @Test
  void whereTheNetworkReachesItSomebodyMustBeKnown(@TempDir Path data) {
    assertThat(
            ServiceProcess.refused(
                    "dueline.embedded.data-dir=" + data,
                    "dueline.console.enabled=true",
                    "dueline.console.port=0",
                    "dueline.console.host=0.0.0.0")
                .log())
        .contains(
            "The console is to listen on 0.0.0.0",
            "dueline.security.jwt.*",
            "dueline.console.host=127.0.0.1",
            "dueline.security.insecure=true");
  }

  private HttpResponse<String> post(String url, String form, String cookie)
      throws IOException, InterruptedException {
    return send(
        request(url)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Sec-Fetch-Site", "same-origin")
            .header("Cookie", cookie)
            .POST(BodyPublishers.ofString(form)));
  }

  private static HttpRequest.Builder request(String url) {
    return HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(60));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }
}
