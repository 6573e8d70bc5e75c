#!/usr/bin/env bash
# Measures what a visitor meets, on the release programs and beside two peers (end2end/peers): Lighthouse, bytes and
# time of a first visit, the journey on a slow phone, a loan's page under load, memory. Arguments go to Playwright
# (`scripts/bench-web.sh ssr`). ROUNDS, SECONDS and REQUESTS make it shorter: ROUNDS=1 SECONDS=2 REQUESTS=20000.
# shellcheck source-path=SCRIPTDIR source=env.sh
source "$(dirname "$0")/env.sh"
# shellcheck source=browser.sh
source scripts/browser.sh

OHA=1.16.0

scripts/setup.sh test
scripts/build.sh dist
target_dir
find_chromium || die "No Chromium: scripts/setup.sh test"

npm_folder() { # made from this very lock file, or made again
  (
    cd "$1"
    sha256sum --status --check node_modules/.made-from 2>/dev/null && exit 0
    note "Installing what $1 needs"
    npm ci --no-audit --no-fund --ignore-scripts >/dev/null
    sha256sum package-lock.json >node_modules/.made-from
  )
}
npm_folder end2end/bench
npm_folder end2end/peers/sveltekit

if [ "$(oha --version 2>/dev/null | awk '{print $2}')" != "$OHA" ]; then
  note "Compiling oha $OHA, which makes the load (a few minutes, once)"
  (cd "$CACHE" && env -u RUSTFLAGS CARGO_TERM_COLOR=never cargo install oha --version "$OHA" --locked \
    --root "$TOOLS" --target-dir "$TOOLS/build/oha" >"$CACHE/logs/oha.log" 2>&1) \
    || die "oha did not compile: $CACHE/logs/oha.log"
  rm -rf "$TOOLS/build/oha"
fi

note "The machine's load before: $(cut -d' ' -f1-3 /proc/loadavg)"
export KOPECK_PROGRAMS="$CARGO_TARGET_DIR/dist" PEERS_TARGET="$CARGO_TARGET_DIR/peers"
(cd end2end && playwright test --config bench/playwright.config.ts "$@")
note "Also as JSON in end2end/artifacts/bench"
