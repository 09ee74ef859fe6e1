package io.nsm.agent.chaos.check;

import java.util.Optional;

/**
 * An operation on one key together with what it came to, as the sequential specification sees it:
 * whether it can have come to that in a given state, and what the state is afterwards. A version of
 * 0 was not told. Values are unique: no two writes of a key write the same.
 */
sealed interface KeyOperation {

  /** The state afterwards; empty if this outcome is impossible in that state. */
  Optional<KeyState> apply(KeyState state);

  /** Whether the outcome is impossible in that state and in all that can follow it. */
  boolean hopeless(KeyState state);

  /** A value that was seen or expected, by which its write can be recognised. */
  Optional<String> seen();

  /** The same with the versions that became known elsewhere, and unseen values made alike. */
  KeyOperation told(Knowledge knowledge);

  /** What the other calls of the key tell of a value. */
  interface Knowledge {
    /** The version of a value, of which this one was told (0: none); 0 if nobody was told one. */
    long version(String value, long told);

    /** The value, or one word for all that nobody ever saw or expected. */
    String named(String value);
  }

  /** A get that found a value, or a putIfAbsent that found it in the way. */
  record Read(String value, long version) implements KeyOperation {
    @Override
    public Optional<KeyState> apply(KeyState state) {
      return state.holds(value) && (version == 0 || version == state.newest())
          ? Optional.of(state)
          : Optional.empty();
    }

    @Override
    public boolean hopeless(KeyState state) {
      return version > 0
          && (state.newest() > version || state.newest() == version && !state.holds(value));
    }

    @Override
    public Optional<String> seen() {
      return Optional.of(value);
    }

    @Override
    public KeyOperation told(Knowledge knowledge) {
      return new Read(value, knowledge.version(value, version));
    }
  }

  /** A get that found nothing, or a remove of what was not there. */
  record Absent() implements KeyOperation {
    @Override
    public Optional<KeyState> apply(KeyState state) {
      return state.value().isEmpty() ? Optional.of(state) : Optional.empty();
    }

    @Override
    public boolean hopeless(KeyState state) {
      return false;
    }

    @Override
    public Optional<String> seen() {
      return Optional.empty();
    }

    @Override
    public KeyOperation told(Knowledge knowledge) {
      return this;
    }
  }

  /** A put. */
  record Write(String value, long version) implements KeyOperation {
    @Override
    public Optional<KeyState> apply(KeyState state) {
      return hopeless(state) ? Optional.empty() : Optional.of(state.written(value, version));
    }

    @Override
    public boolean hopeless(KeyState state) {
      return tooOld(version, state);
    }

    @Override
    public Optional<String> seen() {
      return Optional.empty();
    }

    @Override
    public KeyOperation told(Knowledge knowledge) {
      return new Write(knowledge.named(value), knowledge.version(value, version));
    }
  }

  /** A putIfAbsent that wrote. */
  record WriteIfAbsent(String value, long version) implements KeyOperation {
    @Override
    public Optional<KeyState> apply(KeyState state) {
      return state.value().isPresent() || hopeless(state)
          ? Optional.empty()
          : Optional.of(state.written(value, version));
    }

    @Override
    public boolean hopeless(KeyState state) {
      return tooOld(version, state);
    }

    @Override
    public Optional<String> seen() {
      return Optional.empty();
    }

    @Override
    public KeyOperation told(Knowledge knowledge) {
      return new WriteIfAbsent(knowledge.named(value), knowledge.version(value, version));
    }
  }

  /** A replace that replaced the expected value. */
  record Replaced(String expected, String value, long version) implements KeyOperation {
    @Override
    public Optional<KeyState> apply(KeyState state) {
      return !state.holds(expected) || hopeless(state)
          ? Optional.empty()
          : Optional.of(state.written(value, version));
    }

    @Override
    public boolean hopeless(KeyState state) {
      return tooOld(version, state);
    }

    @Override
    public Optional<String> seen() {
      return Optional.of(expected);
    }

    @Override
    public KeyOperation told(Knowledge knowledge) {
      return new Replaced(expected, knowledge.named(value), knowledge.version(value, version));
    }
  }

  /** A replace that found another value than the expected one, or none. */
  record NotReplaced(String expected) implements KeyOperation {
    @Override
    public Optional<KeyState> apply(KeyState state) {
      return state.holds(expected) ? Optional.empty() : Optional.of(state);
    }

    @Override
    public boolean hopeless(KeyState state) {
      return false;
    }

    @Override
    public Optional<String> seen() {
      return Optional.of(expected);
    }

    @Override
    public KeyOperation told(Knowledge knowledge) {
      return this;
    }
  }

  /** A remove of what was there. */
  record Removed() implements KeyOperation {
    @Override
    public Optional<KeyState> apply(KeyState state) {
      return state.value().isPresent() ? Optional.of(state.removed()) : Optional.empty();
    }

    @Override
    public boolean hopeless(KeyState state) {
      return false;
    }

    @Override
    public Optional<String> seen() {
      return Optional.empty();
    }

    @Override
    public KeyOperation told(Knowledge knowledge) {
      return this;
    }
  }

  private static boolean tooOld(long version, KeyState state) {
    return version > 0 && version <= state.newest();
  }
}
