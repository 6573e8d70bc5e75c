#!/usr/bin/env bash
# Installs what building and running needs: `setup.sh run`, and what testing needs on top: `setup.sh test`.
# Changes nothing, and takes well under a second, when everything is there.
#
# Cargo tools of the right version are taken from PATH; the others go to ~/.cache/kopeck/tools, so that
# another project's wasm-bindgen (which must match that project's crate to the patch) stays as it is.
# shellcheck source-path=SCRIPTDIR source=env.sh
source "$(dirname "$0")/env.sh"

LEVEL="${1:-run}"
case "$LEVEL" in run | test) ;; *) die "usage: setup.sh run|test" ;; esac

RUST_MINIMUM=1.95
CARGO_LEPTOS=0.3.10
# The command-line tool and the crate must be one version: the lock file says which.
WASM_BINDGEN="$(sed -n '/^name = "wasm-bindgen"$/{n;s/^version = "\(.*\)"$/\1/p}' Cargo.lock)"
if [ "$LEVEL" = test ]; then NODE_MINIMUM=20; else NODE_MINIMUM=18; fi

# --- What only the machine's owner should install: named, with the line that does it. ---

MISSING=()
want() { # command, what it is for, the line that installs it
  have "$1" || MISSING+=("$1 ($2):"$'\n'"    $3")
}
APT="sudo apt-get install -y"
want git "version control" "$APT git"
want make "runs the commands" "$APT make"
want cc "a C compiler, for SQLite and TLS" "$APT build-essential"
want rustup "the Rust tool chain" "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh"
want cargo "the Rust build tool" "rustup default stable"
want node "runs the build's npm tools" "$APT nodejs"
want npm "installs them" "$APT npm"
if [ "$LEVEL" = test ]; then
  want python3 "drives the sandbox with the acquirer's own SDK" "$APT python3 python3-venv"
fi

at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }
if have rustc; then
  rust="$(rustc --version | cut -d' ' -f2)"
  at_least "$RUST_MINIMUM" "$rust" \
    || MISSING+=("Rust $RUST_MINIMUM or newer (found $rust):"$'\n'"    rustup update stable")
fi
if have node; then
  node_version="$(node --version)"
  at_least "$NODE_MINIMUM" "${node_version#v}" \
    || MISSING+=("Node $NODE_MINIMUM or newer (found $node_version):"$'\n'"    npx --yes n lts")
fi

if [ "${#MISSING[@]}" -gt 0 ]; then
  printf '%sMissing on this machine:%s\n' "$RED" "$PLAIN" >&2
  printf '  %s\n' "${MISSING[@]}" >&2
  exit 1
fi

# --- Parts of the Rust tool chain. ---

if [ ! -d "$(rustc --print target-libdir --target wasm32-unknown-unknown 2>/dev/null)" ]; then
  note "Adding the WebAssembly target to the Rust tool chain"
  rustup target add wasm32-unknown-unknown
fi
if [ "$LEVEL" = test ]; then
  cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt
  cargo clippy --version >/dev/null 2>&1 || rustup component add clippy
fi

# --- Tools: cargo's compile for minutes, npm's arrive in seconds; all at once. ---

LOGS="$CACHE/logs"
JOBS=() # "name pid", parallel to the logs $LOGS/<name>.log

in_background() { # name, command...
  local name="$1"
  shift
  mkdir -p "$LOGS"
  # A process group of its own, so that Ctrl-C here stops the whole of it.
  set -m
  "$@" >"$LOGS/$name.log" 2>&1 </dev/null &
  set +m
  JOBS+=("$name $!")
}

# A ready-made release if cargo-binstall is here and answers in time; else compiled from source.
install_cargo_tool() { # crate, version, more arguments for cargo install
  local crate="$1" version="$2"
  shift 2
  mkdir -p "$TOOLS/bin"
  if have cargo-binstall; then
    timeout 60 cargo binstall --no-confirm --disable-strategies compile \
      --install-path "$TOOLS/bin" "$crate@$version" && return 0
    echo "no ready-made $crate $version: compiling it"
  fi
  # From the cache folder, so that this workspace's .cargo/config.toml does not flavour the build. Unoptimised
  # is enough: compiling the tools costs more than they ever do.
  cd "$CACHE"
  env -u RUSTFLAGS CARGO_TERM_COLOR=never cargo install "$crate" --version "$version" --debug --force \
    --root "$TOOLS" --target-dir "$TOOLS/build/$crate" "$@"
  rm -rf "$TOOLS/build/$crate"
}

version_of() { "$@" --version 2>/dev/null | awk '{print $2; exit}'; }

if [ "$(version_of cargo-leptos)" != "$CARGO_LEPTOS" ]; then
  in_background cargo-leptos install_cargo_tool cargo-leptos "$CARGO_LEPTOS" --locked --features no_downloads
fi
if [ "$(version_of wasm-bindgen)" != "$WASM_BINDGEN" ]; then
  # Without --locked: its lock file names crate versions that have been withdrawn.
  in_background wasm-bindgen install_cargo_tool wasm-bindgen-cli "$WASM_BINDGEN"
fi

# node_modules is right when it was made from this very lock file.
npm_tools() {
  cd "$ROOT/end2end"
  npm ci --no-audit --no-fund --ignore-scripts
  sha256sum package-lock.json >node_modules/.made-from
}
if ! (cd end2end && sha256sum --status --check node_modules/.made-from 2>/dev/null); then
  in_background npm npm_tools
fi

# One line now and then (a line that changes, on a terminal) saying how far each job is.
progress() { # name, seconds so far
  local last
  last="$(grep -aE '^ *(Compiling|Downloading|Downloaded|Updating|Installing|Finished|added)' \
    "$LOGS/$1.log" | tail -n 1 | sed 's/^ *//' | cut -c1-50)"
  printf '%s %s (%s)' "$1" "$(spent "$2")" "${last:-starting}"
}

wait_for_jobs() {
  local started=$SECONDS every=15 next=0 job name pid left failed=0
  [ -t 1 ] && every=1
  note "Installing: $(printf '%s\n' "${JOBS[@]}" | cut -d' ' -f1 | paste -sd, | sed 's/,/, /g') (logs in $LOGS)"
  while [ "${#JOBS[@]}" -gt 0 ]; do
    left=()
    for job in "${JOBS[@]}"; do
      name="${job% *}" pid="${job#* }"
      if kill -0 "$pid" 2>/dev/null; then
        left+=("$job")
      elif wait "$pid"; then
        [ -t 1 ] && printf '\r\033[K'
        echo "  $name installed in $(spent $((SECONDS - started)))"
      else
        failed=1
        printf '%s  %s failed:%s\n' "$RED" "$name" "$PLAIN" >&2
        tail -n 30 "$LOGS/$name.log" >&2
      fi
    done
    JOBS=("${left[@]}")
    [ "${#JOBS[@]}" -gt 0 ] || break
    if [ $((SECONDS - started)) -ge "$next" ]; then
      next=$((SECONDS - started + every))
      local line=''
      for job in "${JOBS[@]}"; do
        line+="  $(progress "${job% *}" $((SECONDS - started)))"
      done
      if [ -t 1 ]; then printf '\r\033[K%.*s' "${COLUMNS:-100}" "$line"; else echo "$line"; fi
    fi
    sleep 0.5
  done
  return "$failed"
}
stop_jobs() {
  local job
  for job in "${JOBS[@]}"; do kill -- "-${job#* }" 2>/dev/null || true; done
}
if [ "${#JOBS[@]}" -gt 0 ]; then
  trap 'stop_jobs; exit 130' INT TERM
  wait_for_jobs || die "Setting up stopped: see the lines above."
  trap - INT TERM
fi

# --- The browser and the database that the tests use. Root installs them; anyone else is told how. ---

[ "$LEVEL" = test ] || exit 0

# shellcheck source=browser.sh
source scripts/browser.sh
PACKAGES=()
find_chromium || PACKAGES+=(chromium)
scripts/postgres.sh found || PACKAGES+=(postgresql)
have pdftotext || PACKAGES+=(poppler-utils)
# The certificate of an operator's encrypted line.
have openssl || PACKAGES+=(openssl)
# The order of a commit and its answer, and the errors of disks.
have strace || PACKAGES+=(strace)
python3 -c 'import venv, ensurepip' 2>/dev/null || PACKAGES+=(python3-venv)

if [ "${#PACKAGES[@]}" -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && have apt-get; then
    note "Installing with apt-get: ${PACKAGES[*]}"
    mkdir -p "$LOGS"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update && apt-get install -y --no-install-recommends "${PACKAGES[@]}"; } \
      >"$LOGS/apt.log" 2>&1 </dev/null || {
      tail -n 20 "$LOGS/apt.log" >&2
      die "apt-get could not install: ${PACKAGES[*]}"
    }
  else
    printf '%sThe tests also need:%s\n    %s %s\n' "$RED" "$PLAIN" "$APT" "${PACKAGES[*]}" >&2
    echo "  (any Chromium will do: CHROMIUM=/path/to/chrome make test)" >&2
    exit 1
  fi
fi
find_chromium || die "No Chromium found: CHROMIUM=/path/to/chrome make test"
scripts/postgres.sh found || die "No PostgreSQL server programs (initdb, pg_ctl) found."
