#!/usr/bin/env bash
# A PostgreSQL server of one's own, for tests and benchmarks: a fresh data folder, a free port of the
# loopback address, gone when told. Durable as in production (fsync on), or the tests would prove little.
#
#   postgres.sh found        succeeds if the server programs are on this machine
#   postgres.sh start        prints two lines: the folder to stop it by, and its URL
#   postgres.sh stop FOLDER
#   postgres.sh run CMD...   CMD with KOPECK_TEST_POSTGRES set to the URL; stopped when CMD ends
# shellcheck source-path=SCRIPTDIR source=env.sh
source "$(dirname "$0")/env.sh"

# Debian keeps the server programs off PATH; the newest version wins.
for bin in /usr/lib/postgresql/*/bin; do
  [ -x "$bin/initdb" ] && PATH="$bin:$PATH"
done
export PATH

# PostgreSQL refuses to run as root.
as_owner() {
  if [ "$(id -u)" != 0 ]; then
    "$@"
  elif id postgres >/dev/null 2>&1; then
    (cd / && runuser -u postgres -- env PATH="$PATH" "$@")
  else
    (cd / && runuser -u nobody -- env PATH="$PATH" "$@")
  fi
}

start() {
  local folder port try
  # Directly under /tmp: the server's own user must be able to reach it.
  folder="$(as_owner mktemp -d /tmp/kopeck-postgres.XXXXXX)"
  # C.UTF-8 sorts by code point, as SQLite does, so that both databases answer in the same order.
  as_owner initdb --pgdata="$folder/data" --username=kopeck --auth=trust --encoding=UTF8 \
    --locale=C.UTF-8 --no-instructions >"$folder.log" 2>&1 || {
    cat "$folder.log" >&2
    return 1
  }
  for try in 1 2 3; do
    port="$(free_port)"
    if as_owner pg_ctl start --silent --wait --timeout=30 --pgdata="$folder/data" --log="$folder/log" \
      --options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=300" \
      >/dev/null 2>&1 </dev/null; then
      psql --quiet --no-psqlrc --command='CREATE DATABASE kopeck' \
        "postgres://kopeck@127.0.0.1:$port/postgres" >/dev/null
      rm -f "$folder.log"
      echo "$folder"
      echo "postgres://kopeck@127.0.0.1:$port/kopeck"
      return 0
    fi
    note "PostgreSQL did not start on port $port (try $try)" >&2
  done
  as_owner cat "$folder/log" >&2
  return 1
}

stop() {
  local folder="$1"
  case "$folder" in /tmp/kopeck-postgres.*) ;; *) die "not a folder of ours: $folder" ;; esac
  as_owner pg_ctl stop --silent --mode=immediate --pgdata="$folder/data" >/dev/null 2>&1 || true
  rm -rf "$folder"
}

case "${1:-}" in
  found) have initdb && have pg_ctl && have psql ;;
  start) start ;;
  stop) stop "${2:?which folder}" ;;
  run)
    shift
    started="$(start)"
    # shellcheck disable=SC2064 # the folder of now is meant
    trap "stop '${started%%$'\n'*}'" EXIT
    KOPECK_TEST_POSTGRES="${started#*$'\n'}" "$@"
    ;;
  *) die "usage: postgres.sh found|start|stop FOLDER|run CMD..." ;;
esac
