package io.nsm.process.link;

import io.nsm.process.link.ToProcess.Activate;
import io.nsm.process.link.ToProcess.Deactivate;
import io.nsm.process.link.ToProcess.Extend;
import io.nsm.process.link.ToProcess.MapAnswered;
import io.nsm.process.link.ToProcess.MapEntry;
import io.nsm.process.link.ToProcess.MapStatus;
import io.nsm.process.link.ToProcess.Refused;
import io.nsm.process.link.ToProcess.SaveAnswered;
import io.nsm.process.link.ToProcess.SaveResult;
import io.nsm.process.link.ToProcess.Saved;
import io.nsm.process.link.ToProcess.Stop;
import io.nsm.process.link.ToProcess.Welcome;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The bytes of what an agent says: docs/reference/link.md. */
final class ToProcessFrames {
  private static final byte WELCOME = 65;
  private static final byte REFUSED = 66;
  private static final byte ACTIVATE = 67;
  private static final byte EXTEND = 68;
  private static final byte DEACTIVATE = 69;
  private static final byte STOP = 70;
  private static final byte SAVE_ANSWERED = 71;
  private static final byte MAP_ANSWERED = 72;

  private ToProcessFrames() {}

  static ByteBuffer encode(ToProcess message) {
    Encoding encoding = new Encoding();
    message.match(encoding);
    return encoding.frame;
  }

  static ToProcess decode(ByteBuffer frame) throws MalformedFrameException {
    BodyReader in = new BodyReader(frame);
    return switch (in.kind()) {
      case WELCOME -> in.whole(new Welcome());
      case REFUSED -> in.whole(new Refused(in.text("reason", LinkLimits.MAX_REASON)));
      case ACTIVATE ->
          in.whole(new Activate(in.natural("epoch"), in.time("deadline"), checkpoint(in)));
      case EXTEND -> in.whole(new Extend(in.natural("epoch"), in.time("deadline")));
      case DEACTIVATE -> in.whole(new Deactivate(in.natural("epoch")));
      case STOP -> in.whole(new Stop());
      case SAVE_ANSWERED ->
          in.whole(new SaveAnswered(in.correlation(), saveResult(in.small("result"))));
      case MAP_ANSWERED -> in.whole(mapAnswered(in));
      default -> throw in.unknownKind();
    };
  }

  private static Optional<Saved> checkpoint(BodyReader in) throws MalformedFrameException {
    if (!in.flag("checkpoint")) {
      return Optional.empty();
    }
    return Optional.of(
        new Saved(
            in.natural("the checkpoint's epoch"),
            in.natural("the checkpoint's sequence"),
            in.bytes("the checkpoint's state", LinkLimits.MAX_CHECKPOINT)));
  }

  private static MapAnswered mapAnswered(BodyReader in) throws MalformedFrameException {
    MapStatus status = mapStatus(in.small("status"));
    long number = in.number("number");
    int count = in.count("entries", LinkLimits.MAX_ENTRIES);
    // Grows with what is really there: a count is only a claim.
    List<MapEntry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(
          new MapEntry(
              in.text("key", LinkLimits.MAX_KEY),
              in.bytes("value", LinkLimits.MAX_VALUE),
              in.number("version")));
    }
    String reason = in.text("reason", LinkLimits.MAX_REASON);
    return new MapAnswered(in.correlation(), status, number, entries, reason);
  }

  private static SaveResult saveResult(int code) throws MalformedFrameException {
    return Arrays.stream(SaveResult.values())
        .filter(result -> result.code == code)
        .findFirst()
        .orElseThrow(() -> new MalformedFrameException("the unknown result " + code));
  }

  private static MapStatus mapStatus(int code) throws MalformedFrameException {
    return Arrays.stream(MapStatus.values())
        .filter(status -> status.code == code)
        .findFirst()
        .orElseThrow(() -> new MalformedFrameException("the unknown status " + code));
  }

  private static final class Encoding implements ToProcess.Cases {
    private ByteBuffer frame = ByteBuffer.allocate(0);

    @Override
    public void welcome(Welcome welcome) {
      frame = new BodyWriter(WELCOME, 0, 0).frame();
    }

    @Override
    public void refused(Refused refused) {
      frame = new BodyWriter(REFUSED, 0, 256).reason(refused.reason()).frame();
    }

    @Override
    public void activate(Activate activate) {
      int size = activate.checkpoint().map(saved -> saved.state().length).orElse(0);
      BodyWriter out =
          new BodyWriter(ACTIVATE, 0, 64 + size)
              .number(activate.epoch())
              .time(activate.deadline())
              .small(activate.checkpoint().isPresent() ? 1 : 0);
      activate
          .checkpoint()
          .ifPresent(
              saved ->
                  out.number(saved.epoch())
                      .number(saved.sequence())
                      .bytes("checkpoint", saved.state(), LinkLimits.MAX_CHECKPOINT));
      frame = out.frame();
    }

    @Override
    public void extend(Extend extend) {
      frame = new BodyWriter(EXTEND, 0, 24).number(extend.epoch()).time(extend.deadline()).frame();
    }

    @Override
    public void deactivate(Deactivate deactivate) {
      frame = new BodyWriter(DEACTIVATE, 0, 8).number(deactivate.epoch()).frame();
    }

    @Override
    public void stop(Stop stop) {
      frame = new BodyWriter(STOP, 0, 0).frame();
    }

    @Override
    public void saveAnswered(SaveAnswered answer) {
      frame =
          new BodyWriter(SAVE_ANSWERED, answer.correlation(), 1)
              .small(answer.result().code)
              .frame();
    }

    @Override
    public void mapAnswered(MapAnswered answer) {
      BodyWriter out =
          new BodyWriter(MAP_ANSWERED, answer.correlation(), 256)
              .small(answer.status().code)
              .number(answer.number())
              .count(answer.entries().size());
      for (MapEntry entry : answer.entries()) {
        out.text("key", entry.key(), LinkLimits.MAX_KEY)
            .bytes("value", entry.value(), LinkLimits.MAX_VALUE)
            .number(entry.version());
      }
      frame = out.reason(answer.reason()).frame();
    }
  }
}
