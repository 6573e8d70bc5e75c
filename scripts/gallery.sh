#!/usr/bin/env bash
# Photographs every page in about six pairs of width, theme, language and brand into end2end/artifacts/gallery. To be
# looked at: open its index.html. Needs the programs and target/site: `make gallery` builds both first.
# shellcheck source-path=SCRIPTDIR source=env.sh
source "$(dirname "$0")/env.sh"
# shellcheck source=browser.sh
source scripts/browser.sh

target_dir
find_chromium || die "No Chromium: scripts/setup.sh test"
export KOPECK_PROGRAMS="${KOPECK_PROGRAMS:-$CARGO_TARGET_DIR/debug}"
[ -n "${PAGES:-}" ] || rm -rf end2end/artifacts/gallery
(cd end2end && playwright test --config gallery/playwright.config.ts "$@")
note "end2end/artifacts/gallery/index.html"
