#!/usr/bin/env bash
# Builds what the browser downloads, in release mode: target/site (JS, WASM, CSS, public/, each with .br and .gz
# beside it) and target/hash.txt, which names the files by content. `site.sh fresh` does nothing when the
# last build is newer than every source.
# shellcheck source-path=SCRIPTDIR source=env.sh
source "$(dirname "$0")/env.sh"

fresh() {
  [ -f "$SITE_HASHES" ] || return 1
  # `make watch` writes to the same folder: the files that the hashes name must be the ones there.
  local kind hash
  while read -r kind hash; do
    [ -f "$SITE/pkg/kopeck.$hash.${kind%:}.br" ] || return 1
  done <"$SITE_HASHES"
  [ -z "$(find app frontend lending style public .cargo Cargo.toml Cargo.lock scripts/site.sh \
    -newer "$SITE_HASHES" -print -quit)" ]
}

if [ "${1:-}" = fresh ] && fresh; then
  note "target/site is up to date"
  exit 0
fi

target_dir
rm -f "$SITE_HASHES"
cargo leptos build --release --frontend-only --precompress
# cargo-leptos leaves it where it would put the server's binary, wherever cargo builds.
cp "$CARGO_TARGET_DIR/release/hash.txt" "$SITE_HASHES"
# Type declarations are for those who compile against the library, not for those who visit the page.
find "$SITE/pkg" -name '*.d.*' -delete
