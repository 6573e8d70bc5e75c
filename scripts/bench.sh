#!/usr/bin/env bash
# Every benchmark of the workspace; arguments go to cargo bench (`scripts/bench.sh psk`).
# shellcheck source-path=SCRIPTDIR source=env.sh
source "$(dirname "$0")/env.sh"
target_dir

# Only the crates that have any: the others would be compiled once more for nothing.
crates=()
for folder in */benches; do
  [ -d "$folder" ] && crates+=(-p "${folder%/benches}")
done
[ "${#crates[@]}" -gt 0 ] || die "There are no benchmarks yet (a crate's benches folder is where they go)."
cargo bench "${crates[@]}" --bench '*' "$@"

# The full cost once more, beside a peer: the same schedules, in one run. docs/operations.md says how to read it.
PYXIRR=0.10.8
python="$CACHE/bench-venv/bin/python"
if ! have python3; then
  note "No comparison with pyxirr: it needs python3 (sudo apt-get install -y python3 python3-venv)"
  exit 0
fi
if ! "$python" -c "import pyxirr; assert pyxirr.__version__ == '$PYXIRR'" 2>/dev/null; then
  note "Fetching pyxirr $PYXIRR into $CACHE/bench-venv"
  python3 -m venv "$CACHE/bench-venv" || die "No venv: sudo apt-get install -y python3-venv"
  "$python" -m pip install --quiet --disable-pip-version-check "pyxirr==$PYXIRR"
fi
"$python" scripts/psk_peer.py cargo bench --quiet -p lending --bench psk_peer -- into
