#!/usr/bin/env bash
# Release build: kopeck, kopeck-sandbox and kopeck-typeset in target/release, target/site and target/hash.txt.
# shellcheck source-path=SCRIPTDIR source=env.sh
source "$(dirname "$0")/env.sh"

scripts/setup.sh run
target_dir

# The two halves share no build folder, and the browser's half ends in one long single-threaded step: side by side.
mkdir -p "$CACHE/logs"
site_log="$CACHE/logs/site.log"
note "Building the browser's half (log in $site_log) beside the server's"
set -m
scripts/site.sh fresh >"$site_log" 2>&1 </dev/null &
site=$!
set +m
trap 'kill -- "-$site" 2>/dev/null || true' EXIT

# Both programs in one call, so that they share one resolution of features and compile everything once.
cargo build --release -p server -p sandbox
scripts/typesetter.sh release

if ! wait "$site"; then
  trap - EXIT
  tail -n 60 "$site_log" >&2
  die "The browser's half did not build."
fi
trap - EXIT

if [ "$CARGO_TARGET_DIR" != "$ROOT/target" ]; then
  mkdir -p target/release
  cp "$CARGO_TARGET_DIR/release/kopeck" "$CARGO_TARGET_DIR/release/kopeck-sandbox" \
    "$CARGO_TARGET_DIR/release/kopeck-typeset" target/release/
fi
note "Built target/release/kopeck, target/release/kopeck-sandbox and target/site"
