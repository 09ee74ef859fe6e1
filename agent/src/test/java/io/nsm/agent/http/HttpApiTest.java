package io.nsm.agent.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nsm.supervisor.api.ActionRequest;
import io.nsm.supervisor.api.ApiError;
import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.ErrorCode;
import io.nsm.supervisor.api.EventPage;
import io.nsm.supervisor.api.Quorum;
import io.nsm.supervisor.model.ProcessSpec.Mode;
import io.nsm.supervisor.wire.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class HttpApiTest {
  private static final Duration QUICK = Duration.ofMillis(200);

  private final Path data;
  private final FakeCluster cluster = new FakeCluster();
  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpApi api;
  private final String token;

  HttpApiTest(@TempDir Path data) throws IOException {
    this.data = data;
    cluster.declare(FakeCluster.spec("importer", Mode.ACTIVE_STANDBY, 2));
    AgentToken secret = AgentToken.in(data);
    token = Files.readString(data.resolve("token")).strip();
    api = new HttpApi(loopback(0), secret, cluster, QUICK);
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void answers_with_the_status_as_json() throws Exception {
    HttpResponse<byte[]> response = get("/v1/status");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    ClusterStatus status = Json.read(response.body(), ClusterStatus.class);
    assertThat(status.health().well()).isTrue();
    assertThat(status.processes()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/processes/importer",
        "/v1/events?from=1&limit=5",
        "/v1/logs/importer/1?stream=stderr&lines=10&previous=true&from=1:2",
        "/v1/logs/importer/1?since=90&lines=10",
        "/v1/livez",
        "/v1/readyz",
        "/v1/doctor",
        "/v1/version",
        "/v1/processes/importer/active"
      })
  void answers_each_address(String path) throws Exception {
    assertThat(get(path).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/v2/status",
        "/v1",
        "/v1/nothing",
        "/v1/status/more",
        "/v1/processes",
        "/v1/processes/importer/other",
        "/v1/logs/importer",
        "/v1/processes/importer:explode"
      })
  void knows_no_other_address(String path) throws Exception {
    assertRefused(get(path), 404, ErrorCode.NOT_FOUND);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/status?verbose=1",
        "/v1/events?from=x",
        "/v1/events?limit=0",
        "/v1/events?follow=31",
        "/v1/logs/importer/one",
        "/v1/logs/importer/1?stream=both",
        "/v1/logs/importer/1?previous=perhaps",
        "/v1/logs/importer/1?since=soon",
        "/v1/logs/importer/1?since=-1",
        "/v1/logs/importer/1?since=9&previous=true",
        "/v1/processes/Importer!",
        "/v1/apply",
        "/v1/processes/importer:stop"
      })
  void says_what_is_wrong_with_a_question(String path) throws Exception {
    assertRefused(get(path), 400, ErrorCode.INVALID);
  }

  @Test
  void says_that_there_is_no_such_process() throws Exception {
    assertRefused(get("/v1/processes/exporter"), 404, ErrorCode.NOT_FOUND);
  }

  @Test
  void changes_nothing_without_the_token() throws Exception {
    HttpResponse<byte[]> response = post("/v1/processes/importer:stop", action("r1"), "");

    assertRefused(response, 401, ErrorCode.UNAUTHENTICATED);
    assertThat(cluster.calls).isEmpty();
  }

  @Test
  void changes_nothing_with_a_wrong_token() throws Exception {
    HttpResponse<byte[]> response = post("/v1/processes/importer:stop", action("r1"), "wrong");

    assertRefused(response, 403, ErrorCode.DENIED);
    assertThat(cluster.calls).isEmpty();
  }

  @Test
  void hands_a_change_to_the_agent_with_its_request_id() throws Exception {
    HttpResponse<byte[]> response = post("/v1/processes/importer:stop", action("r1"), token);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(cluster.calls).containsExactly("STOP importer");
    assertThat(cluster.timesAsked("r1")).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void turns_each_refusal_into_its_status(ErrorCode code) throws Exception {
    cluster.refuseChanges(code, "not now");

    HttpResponse<byte[]> response = post("/v1/processes/importer:stop", action("r1"), token);

    assertRefused(response, code.status(), code);
  }

  @Test
  void calls_a_bug_a_bug() throws Exception {
    cluster.breakDown();

    assertRefused(
        post("/v1/processes/importer:stop", action("r1"), token), 500, ErrorCode.INTERNAL);
  }

  @Test
  void says_that_the_outcome_is_unknown_when_the_agent_does_not_answer() throws Exception {
    cluster.fallSilent();

    assertRefused(get("/v1/status"), 504, ErrorCode.TIMED_OUT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "null", "[]", "{}", "{\"requestId\":\"\"}"})
  void refuses_a_body_that_is_no_request(String body) throws Exception {
    assertRefused(
        post("/v1/processes/importer:stop", body.getBytes(UTF_8), token), 400, ErrorCode.INVALID);
  }

  @Test
  void refuses_a_body_that_is_too_large() throws Exception {
    byte[] body = new byte[HttpApi.MAX_BODY_BYTES + 1];

    assertThat(post("/v1/plan", body, token).statusCode()).isEqualTo(413);
  }

  @Test
  void is_ready_only_with_quorum_and_alive_in_any_case() throws Exception {
    cluster.quorum(new Quorum(false, 3, 1));

    assertThat(get("/v1/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/v1/livez").statusCode()).isEqualTo(200);
    assertThat(head("/v1/livez").statusCode()).isEqualTo(200);
  }

  @Test
  void sends_load_balancers_elsewhere_where_the_process_is_not_active() throws Exception {
    cluster.declare(FakeCluster.spec("server", Mode.REPLICATED, 2));

    assertThat(get("/v1/processes/importer/active").statusCode()).isEqualTo(200);
    assertThat(get("/v1/processes/server/active").statusCode()).isEqualTo(503);
  }

  @Test
  void holds_no_thread_for_those_who_wait_for_an_event() throws Exception {
    // Given more followers than there are threads
    List<CompletableFuture<HttpResponse<byte[]>>> followers = new ArrayList<>();
    for (int each = 0; each < 20; each++) {
      followers.add(
          client.sendAsync(
              HttpRequest.newBuilder(uri("/v1/events?from=1&follow=30")).build(),
              BodyHandlers.ofByteArray()));
    }

    // When others ask meanwhile, then they are answered
    while (waiting() < followers.size()) {
      assertThat(get("/v1/livez").statusCode()).isEqualTo(200);
    }
    cluster.happen(FakeCluster.promotion(1));

    for (CompletableFuture<HttpResponse<byte[]>> follower : followers) {
      EventPage page = Json.read(follower.get(30, TimeUnit.SECONDS).body(), EventPage.class);
      assertThat(page.events()).containsExactly(FakeCluster.promotion(1));
      assertThat(page.next()).isEqualTo(2);
    }
  }

  @Test
  void tells_one_too_many_to_come_back() throws Exception {
    List<CompletableFuture<HttpResponse<byte[]>>> followers = new ArrayList<>();
    for (int each = 0; each < HttpApi.MAX_IN_FLIGHT; each++) {
      followers.add(
          client.sendAsync(
              HttpRequest.newBuilder(uri("/v1/events?from=1&follow=30")).build(),
              BodyHandlers.ofByteArray()));
    }
    while (waiting() < followers.size()) {
      Thread.onSpinWait();
    }

    assertThat(get("/v1/livez").statusCode()).isEqualTo(503);

    cluster.happen(FakeCluster.promotion(1));
    for (CompletableFuture<HttpResponse<byte[]>> follower : followers) {
      follower.get(30, TimeUnit.SECONDS);
    }
    assertThat(get("/v1/livez").statusCode()).isEqualTo(200);
  }

  @Test
  void says_which_address_is_taken() {
    assertThatThrownBy(
            () -> new HttpApi(api.address(), AgentToken.in(data), cluster, QUICK).close())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("127.0.0.1:" + api.address().getPort())
        .hasMessageContaining("http");
  }

  @Test
  void wants_the_token_for_reading_as_well_when_other_hosts_can_reach_it() throws Exception {
    InetSocketAddress everywhere = new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 0);
    try (HttpApi open = new HttpApi(everywhere, AgentToken.in(data), cluster, QUICK)) {
      String there = "http://127.0.0.1:" + open.address().getPort();

      assertThat(send(HttpRequest.newBuilder(URI.create(there + "/v1/status"))).statusCode())
          .isEqualTo(401);
      assertThat(send(HttpRequest.newBuilder(URI.create(there + "/v1/livez"))).statusCode())
          .isEqualTo(200);
      assertThat(
              send(HttpRequest.newBuilder(URI.create(there + "/v1/status"))
                      .header("Authorization", "Bearer " + token))
                  .statusCode())
          .isEqualTo(200);
    }
  }

  private long waiting() {
    synchronized (cluster) {
      return cluster.calls.stream().filter("events, waiting"::equals).count();
    }
  }

  private static void assertRefused(HttpResponse<byte[]> response, int status, ErrorCode code)
      throws Exception {
    assertThat(response.statusCode()).isEqualTo(status);
    ApiError error = Json.read(response.body(), ApiError.class);
    assertThat(error.code()).isEqualTo(code);
    assertThat(error.message()).isNotBlank();
  }

  private static byte[] action(String requestId) {
    return Json.bytes(new ActionRequest(requestId, Optional.empty()));
  }

  private HttpResponse<byte[]> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(path)));
  }

  private HttpResponse<byte[]> head(String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(path)).method("HEAD", BodyPublishers.noBody()));
  }

  private HttpResponse<byte[]> post(String path, byte[] body, String withToken) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.ofByteArray(body));
    return send(
        withToken.isEmpty() ? request : request.header("Authorization", "Bearer " + withToken));
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + api.address().getPort() + path);
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }
}
