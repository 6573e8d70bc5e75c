#!/usr/bin/env bash
# Every benchmark of the workspace; arguments go to cargo bench (`scripts/bench.sh psk`).
# shellcheck source-path=SCRIPTDIR source=env.sh
source "$(dirname "$0")/env.sh"

if ! find . -path ./target -prune -o -path './*/benches/*.rs' -print -quit | grep -q .; then
  die "There are no benchmarks yet (a crate's benches folder is where they go)."
fi
exec cargo bench --workspace --exclude frontend --benches "$@"
