package io.nsm.agent.cluster;

import io.nsm.supervisor.api.ActionRequest;
import io.nsm.supervisor.api.ActionResult;
import io.nsm.supervisor.api.ApplyRequest;
import io.nsm.supervisor.api.ApplyResult;
import io.nsm.supervisor.api.ClusterStatus;
import io.nsm.supervisor.api.EventPage;
import io.nsm.supervisor.api.LogChunk;
import io.nsm.supervisor.api.ProcessDescription;
import io.nsm.supervisor.wire.Json;
import io.nsm.supervisor.wire.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** One agent's API, asked with its token. */
public record AgentApi(String address, Path token, int timeoutMillis) {
  /** Longer than an agent may be silent, shorter than a test may hang. */
  private static final int TIMEOUT_MILLIS = 15_000;

  public AgentApi(String address, Path token) {
    this(address, token, TIMEOUT_MILLIS);
  }

  /** The agent did not do what it was asked, or did not answer. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  public ClusterStatus status() throws Refused {
    return ask("GET", "/v1/status", new byte[0], ClusterStatus.class);
  }

  public ProcessDescription describe(String process) throws Refused {
    return ask("GET", "/v1/processes/" + process, new byte[0], ProcessDescription.class);
  }

  public EventPage events() throws Refused {
    return ask("GET", "/v1/events?limit=1000", new byte[0], EventPage.class);
  }

  LogChunk logs(String process, int instance) throws Refused {
    return ask("GET", "/v1/logs/" + process + "/" + instance, new byte[0], LogChunk.class);
  }

  public ApplyResult apply(ApplyRequest request) throws Refused {
    return ask("POST", "/v1/apply", Json.bytes(request), ApplyResult.class);
  }

  public ActionResult act(String process, ActionRequest.Action action) throws Refused {
    return ask(
        "POST",
        "/v1/processes/" + process + ":" + action.name().toLowerCase(Locale.ROOT),
        Json.bytes(new ActionRequest(UUID.randomUUID().toString(), Optional.empty())),
        ActionResult.class);
  }

  private <T> T ask(String method, String path, byte[] body, Class<T> type) throws Refused {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create("http://" + address + path).toURL().openConnection();
      connection.setConnectTimeout(timeoutMillis);
      connection.setReadTimeout(timeoutMillis);
      connection.setRequestMethod(method);
      connection.setRequestProperty("Authorization", "Bearer " + Files.readString(token).strip());
      if (method.equals("POST")) {
        connection.setDoOutput(true);
        connection.getOutputStream().write(body);
      }
      int status = connection.getResponseCode();
      try (InputStream stream =
          status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
        byte[] answer = stream.readAllBytes();
        if (status != 200) {
          throw new Refused(
              status + " " + new String(answer, java.nio.charset.StandardCharsets.UTF_8));
        }
        return Json.read(answer, type);
      }
    } catch (IOException | MalformedException e) {
      throw new Refused(method + " " + address + path + ": " + e);
    }
  }

  /** The last lines of an instance's output, as text. */
  List<String> lines(String process, int instance) throws Refused {
    return logs(process, instance).lines();
  }
}
