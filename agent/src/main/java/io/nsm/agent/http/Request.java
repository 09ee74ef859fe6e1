package io.nsm.agent.http;

import io.nsm.supervisor.api.ErrorCode;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A request, taken apart.
 *
 * @param path the parts between the slashes
 */
record Request(String method, List<String> path, Map<String, String> query) {
  Request {
    path = List.copyOf(path);
    query = Map.copyOf(query);
  }

  static Request of(String method, URI uri) {
    List<String> path =
        Arrays.stream(uri.getRawPath().split("/")).skip(1).map(Request::decode).toList();
    Map<String, String> query = new TreeMap<>();
    String rawQuery = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    for (String pair : rawQuery.split("&")) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String key = decode(equals < 0 ? pair : pair.substring(0, equals));
        query.put(key, equals < 0 ? "" : decode(pair.substring(equals + 1)));
      }
    }
    // HEAD is GET without the body, for load balancers that ask so.
    return new Request(method.equals("HEAD") ? "GET" : method, path, query);
  }

  /** Refuses keys that the address does not know: a misspelt one would be ignored silently. */
  void allowOnly(String... keys) {
    Set<String> known = Set.of(keys);
    query.keySet().stream()
        .filter(key -> !known.contains(key))
        .findFirst()
        .ifPresent(
            key -> {
              throw Refusal.of(
                  ErrorCode.INVALID,
                  "?" + key + ": unknown key",
                  known.isEmpty()
                      ? "this address takes none"
                      : "known: " + String.join(", ", Arrays.stream(keys).sorted().toList()));
            });
  }

  Optional<String> text(String key) {
    return Optional.ofNullable(query.get(key));
  }

  Optional<Long> number(String key) {
    return text(key).map(value -> parseNumber(key, value));
  }

  int count(String key, int otherwise, int max) {
    long value = number(key).orElse((long) otherwise);
    if (value < 1 || value > max) {
      throw Refusal.of(ErrorCode.INVALID, "?" + key + "=" + value + ": not from 1 to " + max);
    }
    return (int) value;
  }

  boolean flag(String key) {
    return text(key).map(value -> parseFlag(key, value)).orElse(false);
  }

  Duration seconds(String key, Duration max) {
    long seconds = number(key).orElse(0L);
    if (seconds < 0 || seconds > max.toSeconds()) {
      throw Refusal.of(
          ErrorCode.INVALID, "?" + key + "=" + seconds + ": not from 0 to " + max.toSeconds());
    }
    return Duration.ofSeconds(seconds);
  }

  private static long parseNumber(String key, String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException notOne) {
      throw Refusal.of(ErrorCode.INVALID, "?" + key + "=" + value + ": not a number");
    }
  }

  private static boolean parseFlag(String key, String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "", "true" -> true;
      case "false" -> false;
      default ->
          throw Refusal.of(ErrorCode.INVALID, "?" + key + "=" + value + ": neither true nor false");
    };
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw Refusal.of(ErrorCode.INVALID, "'" + text + "' is not percent-encoded as it should be");
    }
  }
}
