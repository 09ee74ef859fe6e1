package io.nsm.supervisor.ctl;

/** What one look at the cluster says about something that is waited for. */
sealed interface Look {
  /** Must handle every finding. */
  interface Cases<R> {
    R reached(Reached reached);

    R waiting(Waiting waiting);

    R hopeless(Hopeless hopeless);
  }

  <R> R match(Cases<R> cases);

  /** It is so. */
  record Reached(String text) implements Look {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.reached(this);
    }
  }

  /** Not yet. */
  record Waiting(String text) implements Look {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.waiting(this);
    }
  }

  /** It will not come by waiting. */
  record Hopeless(ExitCode code, String text) implements Look {
    @Override
    public <R> R match(Cases<R> cases) {
      return cases.hopeless(this);
    }
  }
}
