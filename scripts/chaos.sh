#!/usr/bin/env bash
# The real program under load: killed at random moments, watched by strace, starved of its disk.
#   chaos.sh                100 deaths on SQLite, and on PostgreSQL where its programs are found
#   CHAOS_KILLS=1000        as many; CHAOS_ANSWERS=1000 how many answers strace follows, CHAOS_FAULTS=40 how many single
#                           calls to the disk fail; CHAOS_READY_MS=3000 within which half of the restarts answer
#   CHAOS_DATABASES=sqlite  not on PostgreSQL
# docs/operations.md says what it proves. Expects the programs built (scripts/test.sh programs).
# shellcheck source-path=SCRIPTDIR source=env.sh
source "$(dirname "$0")/env.sh"
target_dir

export CHAOS_KILLS="${CHAOS_KILLS:-100}"
export KOPECK_PROGRAMS="${KOPECK_PROGRAMS:-$CARGO_TARGET_DIR/debug}"
[ -x "$KOPECK_PROGRAMS/kopeck" ] || die "No programs in $KOPECK_PROGRAMS: scripts/test.sh programs"
have strace || note "No strace: the order of answers and the errors of disks are not looked at (sudo apt-get install -y strace)"

started=''
cleanup() { [ -z "$started" ] || scripts/postgres.sh stop "${started%%$'\n'*}"; }
trap cleanup EXIT
if [ "${CHAOS_DATABASES:-}" = sqlite ]; then
  unset KOPECK_TEST_POSTGRES
elif [ -z "${KOPECK_TEST_POSTGRES:-}" ] && scripts/postgres.sh found; then
  started="$(scripts/postgres.sh start)"
  export KOPECK_TEST_POSTGRES="${started#*$'\n'}"
fi
(cd end2end && playwright test -c chaos "$@")
