# Sourced by nsm-agent, nsmctl and make-archives: finds the jars and a Java, says what to do when
# there are none, and starts a main class from its class-data archive, if there is one.
# shellcheck shell=sh

home=$(CDPATH='' cd -- "$(dirname -- "$(readlink -f -- "$0")")/.." && pwd) || exit 1

fail() {
  echo "${0##*/}: $*" >&2
  exit 1
}

# In a distribution lib/ is beside bin/; in the source tree the build makes one.
find_jars() {
  lib=$home/lib
  if [ ! -d "$lib" ]; then
    for built in "$home"/agent/target/nsm-*/lib; do
      [ ! -d "$built" ] || lib=$built
    done
  fi
  [ -d "$lib" ] || fail "NSM is not built yet; run: (cd $home && mvn -B -DskipTests package)"
}

find_java() {
  java=${JAVA_HOME:+$JAVA_HOME/bin/java}
  java=${java:-$(command -v java)} || fail "no java on the path; install JDK 17 or newer, or set JAVA_HOME"
  [ -x "$java" ] || fail "$java is not there; JAVA_HOME must name a JDK 17 or newer"
  # A JDK's release file saves starting a JVM to ask it.
  release=$(dirname -- "$(readlink -f -- "$java")")/../release
  version=
  if [ -r "$release" ]; then
    while IFS='="' read -r key _ value _; do
      [ "$key" != JAVA_VERSION ] || version=$value
    done <"$release"
  fi
  [ -n "$version" ] || version=$("$java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p')
  major=${version%%[!0-9]*}
  [ "${major:-0}" -ge 17 ] || fail "$java is Java ${version:-unknown}; NSM needs 17 or newer: set JAVA_HOME"
}

# The archive of one program for one Java: beside the jars, or where the user may write.
archive_of() {
  archives=$lib/../archives
  [ -w "$lib/.." ] || [ -d "$archives" ] || archives=${XDG_CACHE_HOME:-$HOME/.cache}/nsm/archives
  archive=$archives/$1-$version.jsa
}

# An archive that is older than a jar is of no use.
archive_is_current() {
  [ -s "$archive" ] || return 1
  for jar in "$lib"/*.jar; do
    [ ! "$jar" -nt "$archive" ] || return 1
  done
}

# start NAME MAIN_CLASS "JVM OPTIONS" [ARGUMENT...]: replaces the shell.
start() {
  name=$1 main=$2 options=$3
  shift 3
  find_jars
  find_java
  archive_of "$name"
  archive_is_current || archive=
  # Newer ones warn of what libraries of the agent do, and would forbid it one day.
  allowed=
  [ "$major" -lt 24 ] || allowed="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
  # What the JVM has to say goes to standard error: standard output is data.
  # shellcheck disable=SC2086  # options are words
  exec "$java" -Xshare:auto -Xlog:disable -Xlog:all=error:stderr \
    ${archive:+"-XX:SharedArchiveFile=$archive"} \
    ${NSM_ARCHIVE_AT_EXIT:+"-XX:ArchiveClassesAtExit=$NSM_ARCHIVE_AT_EXIT"} \
    $allowed $options ${NSM_JAVA_OPTIONS:-} -cp "$lib/*" "$main" "$@"
}
