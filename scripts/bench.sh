#!/usr/bin/env bash
# Every benchmark of the workspace; arguments go to cargo bench (`scripts/bench.sh psk`).
# shellcheck source-path=SCRIPTDIR source=env.sh
source "$(dirname "$0")/env.sh"

# Only the crates that have any: the others would be compiled once more for nothing.
crates=()
for folder in */benches; do
  [ -d "$folder" ] && crates+=(-p "${folder%/benches}")
done
[ "${#crates[@]}" -gt 0 ] || die "There are no benchmarks yet (a crate's benches folder is where they go)."
exec cargo bench "${crates[@]}" --bench '*' "$@"
