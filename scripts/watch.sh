#!/usr/bin/env bash
# Builds in the dev profile on every change and reloads the page; the sandbox runs beside it.
# shellcheck source-path=SCRIPTDIR source=env.sh
source "$(dirname "$0")/env.sh"
# shellcheck source=pair.sh
source scripts/pair.sh

scripts/setup.sh run
target_dir
cargo build -p server -p sandbox
scripts/typesetter.sh debug
LENDER="${LENDER:-demo}"
mkdir -p var/log
bin="$CARGO_TARGET_DIR/debug"
database="${DATABASE_URL:-sqlite://$ROOT/var/$LENDER.sqlite?mode=rwc}"
[ -s var/keys.toml ] || (umask 077 && "$bin/kopeck" keys >var/keys.toml)
"$bin/kopeck" migrate --database "$database"

CLOCK_FILE="var/$LENDER.clock.json"
trap stop_pair EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
start_sandbox "$bin" 3000 4010 var/log
note "The sandbox is at $SANDBOX_URL (log in var/log/sandbox.log)"

cargo leptos watch -- serve --lender "lenders/$LENDER.toml" --database "$database" \
  --listen 127.0.0.1:3000 --clock sandbox --sandbox-url "$SANDBOX_URL" --smtp-url "smtp://127.0.0.1:$MAIL_PORT" \
  --site-root "$SITE" --hash-file "$bin/hash.txt" --keys var/keys.toml
