# shellcheck shell=bash disable=SC2034 # what the sourcing scripts use
# Sourced by every script here: where things are, and how to speak.
set -euo pipefail

if [ -z "${HOME:-}" ]; then
  HOME="$(getent passwd "$(id -u)" | cut -d: -f6)"
  export HOME
fi

# The physical path: cargo-leptos reaches a target folder elsewhere by "../..", which a symlink would bend.
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
cd "$ROOT"

CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/kopeck"
TOOLS="$CACHE/tools"
export PATH="$TOOLS/bin:$ROOT/end2end/node_modules/.bin:$PATH:$HOME/.cargo/bin"

# Where cargo puts things: $CARGO_TARGET_DIR, the user's own cargo configuration, or ./target.
target_dir() {
  if [ -z "${CARGO_TARGET_DIR:-}" ]; then
    CARGO_TARGET_DIR="$(cargo metadata --no-deps --format-version 1 \
      | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')"
  fi
  case "$CARGO_TARGET_DIR" in
    /*) ;;
    *) CARGO_TARGET_DIR="$ROOT/$CARGO_TARGET_DIR" ;;
  esac
  export CARGO_TARGET_DIR
}

# The browser's files stay in ./target wherever cargo builds: SITE is what the server serves,
# SITE_HASHES the names with their content hashes, which the server reads at start.
SITE="$ROOT/target/site"
SITE_HASHES="$ROOT/target/hash.txt"

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  BOLD=$'\033[1m' RED=$'\033[31m' GREEN=$'\033[32m' DIM=$'\033[2m' PLAIN=$'\033[0m'
else
  BOLD='' RED='' GREEN='' DIM='' PLAIN=''
fi

note() { printf '%s%s%s\n' "$DIM" "$*" "$PLAIN"; }
die() {
  printf '%s%s%s\n' "$RED" "$*" "$PLAIN" >&2
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# 75 -> "1m 15s"
spent() {
  local seconds="$1"
  if [ "$seconds" -ge 60 ]; then
    printf '%dm %02ds' $((seconds / 60)) $((seconds % 60))
  else
    printf '%ds' "$seconds"
  fi
}

free_port() {
  node -e 'const s = require("net").createServer();
    s.listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}
