#!/usr/bin/env bash
# Release build: kopeck, kopeck-sandbox and kopeck-typeset in target/release, target/site and target/hash.txt. `build.sh dist` makes
# the programs that are put on a server, in target/dist: they take twice as long to compile.
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

# Both programs in one call, so that they share one resolution of features and compile everything once. The flag of dist takes the
# place of .cargo/config.toml's (an empty list would not count): views that are not erased take longer to compile, and less to draw.
PROFILE="${1:-release}"
case "$PROFILE" in
  release) cargo build --release -p server -p sandbox ;;
  dist) RUSTFLAGS="--cfg in_server" cargo build --profile dist -p server -p sandbox ;;
  *) die "usage: build.sh [dist]" ;;
esac
scripts/typesetter.sh "$PROFILE"

if ! wait "$site"; then
  trap - EXIT
  tail -n 60 "$site_log" >&2
  die "The browser's half did not build."
fi
trap - EXIT

if [ "$CARGO_TARGET_DIR" != "$ROOT/target" ]; then
  mkdir -p "target/$PROFILE"
  cp "$CARGO_TARGET_DIR/$PROFILE/kopeck" "$CARGO_TARGET_DIR/$PROFILE/kopeck-sandbox" \
    "$CARGO_TARGET_DIR/$PROFILE/kopeck-typeset" "target/$PROFILE/"
fi
note "Built target/$PROFILE/kopeck, target/$PROFILE/kopeck-sandbox and target/site"
