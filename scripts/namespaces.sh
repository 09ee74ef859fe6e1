# Sourced by chaos and bench: hosts as network namespaces, each with a cable to one bridge.
# shellcheck shell=sh
# Uses $names, the prefix of the namespaces: $names-h1, $names-h2, … and $names-net, which has the bridge.

skip() {
  echo "${0##*/}: skipped: $*"
  exit 0
}

# make_namespaces NETWORK HOSTS: host N gets NETWORK.N, the bridge NETWORK.254
make_namespaces() {
  network=$1 hosts=$2
  [ "$(uname)" = Linux ] || skip "needs Linux"
  [ "$(id -u)" = 0 ] || skip "needs root, for network namespaces"
  command -v ip >/dev/null || skip "needs ip (package iproute2)"
  ip netns add "$names-net" 2>/dev/null || skip "network namespaces are not permitted here"
  ip -n "$names-net" link add br0 type bridge 2>/dev/null || skip "no bridges in this kernel"
  for host in $(seq 1 "$hosts"); do
    inside=$names-h$host
    { ip netns add "$inside" &&
      ip -n "$names-net" link add "v$host" type veth peer name eth0 netns "$inside" &&
      ip -n "$names-net" link set "v$host" master br0 up &&
      ip -n "$inside" addr add "$network.$host/24" dev eth0 &&
      ip -n "$inside" link set eth0 up &&
      ip -n "$inside" link set lo up; } || skip "virtual cables are not permitted here"
  done
  { ip -n "$names-net" addr add "$network.254/24" dev br0 &&
    ip -n "$names-net" link set br0 up &&
    ip -n "$names-net" link set lo up; } || skip "the bridge cannot be used"
}

remove_namespaces() {
  for host in $(seq 1 "${hosts:-0}"); do
    for _ in 1 2 3 4 5; do
      pids=$(ip netns pids "$names-h$host" 2>/dev/null)
      # shellcheck disable=SC2086  # numbers
      [ -z "$pids" ] || kill -9 $pids 2>/dev/null
      [ -n "$pids" ] || break
      sleep 0.1
    done
    ip netns del "$names-h$host" 2>/dev/null
  done
  ip netns del "$names-net" 2>/dev/null
}
