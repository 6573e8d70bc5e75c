#!/usr/bin/env bash
# Builds `kopeck-typeset`, which makes PDF of documents, and puts it beside `kopeck`: `typesetter.sh debug`, `release` or `dist`.
# Its crates lie in a folder of their own in the target folder: nothing of them is shared with ours.
# shellcheck source-path=SCRIPTDIR source=env.sh
source "$(dirname "$0")/env.sh"

PROFILE="${1:-debug}"
case "$PROFILE" in
  debug) made=debug flags=() ;;
  release | dist) made=release flags=(--release) ;;
  *) die "usage: typesetter.sh debug|release|dist" ;;
esac

target_dir
own="$CARGO_TARGET_DIR/documents"
cargo build --manifest-path documents/Cargo.toml --target-dir "$own" --locked --bin kopeck-typeset "${flags[@]}"
mkdir -p "$CARGO_TARGET_DIR/$PROFILE"
# Under another name first: a running program is not written over.
cp "$own/$made/kopeck-typeset" "$CARGO_TARGET_DIR/$PROFILE/kopeck-typeset.new"
mv "$CARGO_TARGET_DIR/$PROFILE/kopeck-typeset.new" "$CARGO_TARGET_DIR/$PROFILE/kopeck-typeset"
