package io.nsm.process.link;

import io.nsm.process.link.ToAgent.Activated;
import io.nsm.process.link.ToAgent.Completed;
import io.nsm.process.link.ToAgent.Deactivated;
import io.nsm.process.link.ToAgent.Failed;
import io.nsm.process.link.ToAgent.Heartbeat;
import io.nsm.process.link.ToAgent.Hello;
import io.nsm.process.link.ToAgent.MapCall;
import io.nsm.process.link.ToAgent.Operation;
import io.nsm.process.link.ToAgent.Ready;
import io.nsm.process.link.ToAgent.Save;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalLong;

/** The bytes of what a process says: docs/reference/link.md. */
final class ToAgentFrames {
  private static final byte HELLO = 1;
  private static final byte READY = 2;
  private static final byte ACTIVATED = 3;
  private static final byte DEACTIVATED = 4;
  private static final byte HEARTBEAT = 5;
  private static final byte SAVE = 6;
  private static final byte MAP = 7;
  private static final byte COMPLETED = 8;
  private static final byte FAILED = 9;

  private ToAgentFrames() {}

  static ByteBuffer encode(ToAgent message) {
    Encoding encoding = new Encoding();
    message.match(encoding);
    return encoding.frame;
  }

  static ToAgent decode(ByteBuffer frame) throws MalformedFrameException {
    BodyReader in = new BodyReader(frame);
    return switch (in.kind()) {
      case HELLO ->
          in.whole(
              new Hello(
                  in.text("token", LinkLimits.MAX_IDENTITY),
                  in.text("run", LinkLimits.MAX_IDENTITY),
                  in.natural("pid"),
                  in.natural("epoch")));
      case READY -> in.whole(new Ready());
      case ACTIVATED -> in.whole(new Activated(in.natural("epoch")));
      case DEACTIVATED -> in.whole(new Deactivated(in.natural("epoch")));
      case HEARTBEAT -> in.whole(new Heartbeat());
      case SAVE ->
          in.whole(
              new Save(
                  in.correlation(),
                  in.natural("epoch"),
                  in.natural("sequence"),
                  in.bytes("state", LinkLimits.MAX_CHECKPOINT)));
      case MAP -> in.whole(mapCall(in));
      case COMPLETED -> in.whole(new Completed());
      case FAILED -> in.whole(new Failed(in.text("reason", LinkLimits.MAX_REASON)));
      default -> throw in.unknownKind();
    };
  }

  private static MapCall mapCall(BodyReader in) throws MalformedFrameException {
    return new MapCall(
        in.correlation(),
        operation(in.small("operation")),
        in.text("map", LinkLimits.MAX_MAP_NAME),
        in.text("key", LinkLimits.MAX_KEY),
        in.number("version"),
        in.bytes("value", LinkLimits.MAX_VALUE),
        in.flag("fenced") ? OptionalLong.of(in.natural("fence")) : OptionalLong.empty());
  }

  private static Operation operation(int code) throws MalformedFrameException {
    return Arrays.stream(Operation.values())
        .filter(operation -> operation.code == code)
        .findFirst()
        .orElseThrow(() -> new MalformedFrameException("the unknown operation " + code));
  }

  private static final class Encoding implements ToAgent.Cases {
    private ByteBuffer frame = ByteBuffer.allocate(0);

    @Override
    public void hello(Hello hello) {
      frame =
          start(HELLO, 0, 256)
              .text("token", hello.token(), LinkLimits.MAX_IDENTITY)
              .text("run", hello.run(), LinkLimits.MAX_IDENTITY)
              .number(hello.pid())
              .number(hello.epoch())
              .frame();
    }

    @Override
    public void ready(Ready ready) {
      frame = start(READY, 0, 0).frame();
    }

    @Override
    public void activated(Activated activated) {
      frame = start(ACTIVATED, 0, 8).number(activated.epoch()).frame();
    }

    @Override
    public void deactivated(Deactivated deactivated) {
      frame = start(DEACTIVATED, 0, 8).number(deactivated.epoch()).frame();
    }

    @Override
    public void heartbeat(Heartbeat heartbeat) {
      frame = start(HEARTBEAT, 0, 0).frame();
    }

    @Override
    public void save(Save save) {
      frame =
          start(SAVE, save.correlation(), 20 + save.state().length)
              .number(save.epoch())
              .number(save.sequence())
              .bytes("state", save.state(), LinkLimits.MAX_CHECKPOINT)
              .frame();
    }

    @Override
    public void map(MapCall call) {
      BodyWriter out =
          start(MAP, call.correlation(), 128 + call.value().length)
              .small(call.operation().code)
              .text("map", call.map(), LinkLimits.MAX_MAP_NAME)
              .text("key", call.key(), LinkLimits.MAX_KEY)
              .number(call.version())
              .bytes("value", call.value(), LinkLimits.MAX_VALUE)
              .small(call.fence().isPresent() ? 1 : 0);
      call.fence().ifPresent(out::number);
      frame = out.frame();
    }

    @Override
    public void completed(Completed completed) {
      frame = start(COMPLETED, 0, 0).frame();
    }

    @Override
    public void failed(Failed failed) {
      frame = start(FAILED, 0, 256).reason(failed.reason()).frame();
    }

    private static BodyWriter start(byte kind, long correlation, int expectedBody) {
      return new BodyWriter(kind, correlation, expectedBody);
    }
  }
}
