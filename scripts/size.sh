#!/usr/bin/env bash
# What a first visit downloads, from a running server, against its budget. Needs target/site and the
# programs of the dev profile: `make size` builds both first. BUDGET_KB overrides the budget.
# shellcheck source-path=SCRIPTDIR source=env.sh
source "$(dirname "$0")/env.sh"
# shellcheck source=pair.sh
source scripts/pair.sh

target_dir
folder="$(mktemp -d)"
trap 'stop_pair; rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
port="$(free_port)" sandbox_port="$(free_port)" MAIL_PORT="$(free_port)"
start_sandbox "$CARGO_TARGET_DIR/debug" "$port" "$sandbox_port" "$folder"
start_server "$CARGO_TARGET_DIR/debug" "$port" "$sandbox_port" "$folder" \
  "sqlite://$folder/kopeck.sqlite?mode=rwc" "$folder/keys.toml" demo
node scripts/size.mjs "http://127.0.0.1:$port/" "${BUDGET_KB:-200}"
