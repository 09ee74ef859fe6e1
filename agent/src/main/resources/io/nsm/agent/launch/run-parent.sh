#!/bin/sh
# The parent of one run: starts the program, waits for it, writes down how it ended. It outlives the
# agent, so that a restarted agent finds the exit code. Everything below is built into the shell:
# nothing is forked but the program (and, if tied, the watcher).
#
# usage: setsid sh run-parent.sh DIRECTORY free|tied FILES UMASK PROGRAM [ARGUMENT...]
#   DIRECTORY/cgroups  the control groups to enter first, a line each
#   DIRECTORY/pid   one line: pid and start time of the program, then of this shell
#   DIRECTORY/exit  one line: the exit code; 128 + n after signal n
#   FILES, UMASK    how many files the program may have open, its umask; - for the agent's own
#   tied            the whole process group is killed when standard input ends: when the agent does
# Standard output gets one line, "launched ...", or says why nothing was.

directory=$1 tie=$2 files=$3 umask=$4
shift 4

# Reads pid, session and start time (in ticks since boot) from a stat file of /proc.
read_stat() {
  read -r stat <"$1" || exit 125
  pid=${stat%% *}
  set -- ${stat##*) }
  session=$4 start=${20}
}

read_stat /proc/self/stat
[ "$pid" = "$session" ] || { echo "process $pid does not lead a session: use setsid" >&2; exit 125; }
parent="$pid $start"
if [ -e "$directory/cgroups" ]; then
  while IFS= read -r group; do
    echo "$pid" >"$group/cgroup.procs" || exit 125
  done <"$directory/cgroups"
fi
trap : HUP INT TERM QUIT    # what ends the program must not keep this shell from writing it down
exec 3>&1 4<&0 </dev/null >/dev/null 2>&1

if [ "$tie" = tied ]; then
  ( read -r end <&4; kill -KILL 0 ) 3>&- &
fi

# In the foreground: in the background it would start with INT and QUIT ignored.
(
  exec 2>&3
  read_stat /proc/self/stat
  # The pid first, then the look for 'cancelled'; who cancels does it the other way round.
  echo "$pid $start $parent" >"$directory/pid" || exit 125
  [ ! -e "$directory/cancelled" ] || { echo "cancelled" >&2; exit 125; }
  [ "$files" = - ] || ulimit -n "$files" || {
    echo "files: $files is more than the agent may give; its own hard limit is $(ulimit -Hn)" >&2
    exit 125
  }
  exec >>"$directory/out.log" 2>>"$directory/err.log"
  [ "$umask" = - ] || umask "$umask"
  echo "launched $pid $start $parent" >&3
  exec 3>&- 4<&-
  exec "$@"
)
code=$?

echo "$code" >"$directory/exit" || exit "$code"
kill -KILL 0                # what is left of the program's process group, the watcher, this shell
