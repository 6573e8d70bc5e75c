#!/usr/bin/env bash
# `make test`: everything that must hold, in steps; the first failure stops it and names the step.
# `test.sh STEP...` runs only those; an argument after `--` goes to Playwright (`test.sh e2e -- journey`).
# shellcheck source-path=SCRIPTDIR source=env.sh
source "$(dirname "$0")/env.sh"

ALL=(fmt arrows clippy clippy-wasm scripts unit documents programs sdk site size chaos e2e)

# --- The steps. ---

step_fmt() { # formatting of the Rust code
  cargo fmt --all --check
  cargo fmt --manifest-path documents/Cargo.toml --check
}

step_arrows() { node scripts/arrows.mjs; } # which crate may depend on which

step_clippy() { cargo clippy --workspace --exclude frontend --all-targets -- -D warnings; }

# By itself: in one call with the server, `hydrate` and `ssr` would both be on.
step_clippy-wasm() { cargo clippy -p frontend --target wasm32-unknown-unknown -- -D warnings; }

# The shell scripts, where shellcheck is installed, the types of the browser tests, and whether every sentence about a lender
# has its test.
step_scripts() {
  if have shellcheck; then shellcheck -x scripts/*.sh .ci/run; fi
  (cd end2end && tsc --noEmit)
  node scripts/sentences.mjs
}

step_unit() { # unit, property, golden and use-case tests, on SQLite and on PostgreSQL
  need_postgres
  cargo test --workspace --exclude frontend
}

step_documents() { # the typesetter: every template as a PDF that poppler reads
  local own="$CARGO_TARGET_DIR/documents"
  cargo test --manifest-path documents/Cargo.toml --target-dir "$own" --locked
}

# With the tests' selection of packages, so that nothing is compiled a second time with other features.
step_programs() {
  cargo build --workspace --exclude frontend --bins --tests
  scripts/typesetter.sh debug
}

step_sdk() { # the acquirer's own SDK drives the sandbox
  SANDBOX_BIN="$CARGO_TARGET_DIR/debug/kopeck-sandbox" SDK_VENV="$CACHE/sdk-venv" \
    sandbox/tests/sdk/run.sh
}

step_chaos() { # the real program killed and starved of its disk; `make chaos` does more of it
  CHAOS_KILLS="${CHAOS_KILLS:-100}" CHAOS_ANSWERS="${CHAOS_ANSWERS:-400}" CHAOS_FAULTS="${CHAOS_FAULTS:-12}" CHAOS_DATABASES=sqlite \
    scripts/chaos.sh
}

step_site() { scripts/site.sh fresh; } # what the browser downloads, release profile

step_size() { scripts/size.sh; } # against its budget

step_e2e() { # in a browser, with JavaScript off and on
  need_postgres
  source scripts/browser.sh
  find_chromium || die "No Chromium: scripts/setup.sh test"
  export KOPECK_PROGRAMS="$CARGO_TARGET_DIR/debug"
  (cd end2end && playwright test "${PLAYWRIGHT[@]}")
}

# --- How they are run. ---

POSTGRES=''
need_postgres() {
  [ -z "${KOPECK_TEST_POSTGRES:-}" ] || return 0
  local started
  started="$(scripts/postgres.sh start)"
  POSTGRES="${started%%$'\n'*}"
  export KOPECK_TEST_POSTGRES="${started#*$'\n'}"
  note "PostgreSQL is at $KOPECK_TEST_POSTGRES"
}

STEPS=() PLAYWRIGHT=()
while [ $# -gt 0 ]; do
  if [ "$1" = -- ]; then
    shift
    PLAYWRIGHT=("$@")
    break
  fi
  case " ${ALL[*]} " in *" $1 "*) STEPS+=("$1") ;; *) die "No step $1. There are: ${ALL[*]}" ;; esac
  shift
done
[ "${#STEPS[@]}" -gt 0 ] || STEPS=("${ALL[@]}")

CURRENT='setup' TIMES=() BEGAN=$SECONDS STEP_BEGAN=$SECONDS
finish() {
  local status=$?
  [ -z "$POSTGRES" ] || scripts/postgres.sh stop "$POSTGRES"
  printf '\n%sTimes%s\n' "$BOLD" "$PLAIN"
  [ "${#TIMES[@]}" = 0 ] || printf '  %s\n' "${TIMES[@]}"
  if [ "$status" = 0 ]; then
    printf '%sAll steps passed in %s.%s\n' "$GREEN" "$(spent $((SECONDS - BEGAN)))" "$PLAIN"
  else
    printf '%sStopped at step "%s", after %s of it. Again alone: scripts/test.sh %s%s\n' "$RED" \
      "$CURRENT" "$(spent $((SECONDS - STEP_BEGAN)))" "$CURRENT" "$PLAIN"
  fi
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

scripts/setup.sh test
target_dir
for CURRENT in "${STEPS[@]}"; do
  STEP_BEGAN=$SECONDS
  printf '\n%s== %s ==%s\n' "$BOLD" "$CURRENT" "$PLAIN"
  "step_$CURRENT"
  TIMES+=("$(printf '%-12s %s' "$CURRENT" "$(spent $((SECONDS - STEP_BEGAN)))")")
done
