#!/usr/bin/env bash
# `make run`: the whole thing on this machine, with the sandbox for the outside world.
#   LENDER=creditplus         another file of lenders/
#   DATABASE_URL=postgres://… PostgreSQL instead of a SQLite file in var/
#   PORT, SANDBOX_PORT        other ports than 3000 and 4010
#   ACCOUNTS_PORT             the first of three ports for accounts elsewhere, 4021
# shellcheck source-path=SCRIPTDIR source=env.sh
source "$(dirname "$0")/env.sh"
# shellcheck source=pair.sh
source scripts/pair.sh

LENDER="${LENDER:-demo}"
PORT="${PORT:-3000}"
SANDBOX_PORT="${SANDBOX_PORT:-4010}"
ACCOUNTS_PORT="${ACCOUNTS_PORT:-4021}"

if [ ! -f "lenders/$LENDER.toml" ]; then
  die "No lenders/$LENDER.toml. There are: $(cd lenders && printf '%s ' ./*.toml | sed 's|\./||g; s|\.toml||g')"
fi

scripts/build.sh

# Git-ignored: this machine's keys and data.
mkdir -p var
# One file per lender: a loan belongs to the lender whose terms it was signed on.
DATABASE_URL="${DATABASE_URL:-sqlite://$ROOT/var/$LENDER.sqlite?mode=rwc}"

CLOCK_FILE="var/$LENDER.clock.json"

trap stop_pair EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
start_sandbox "$ROOT/target/release" "$PORT" "$SANDBOX_PORT" var/log
start_accounts "${KOPECK_PUBLIC_URL:-http://localhost:$PORT}" "$ACCOUNTS_PORT" var/log var/identity.toml
start_server "$ROOT/target/release" "$PORT" "$SANDBOX_PORT" var/log "$DATABASE_URL" var/keys.toml "$LENDER"

url="http://localhost:$PORT" sandbox="http://127.0.0.1:$SANDBOX_PORT"
accounts=''
if [ -n "$ACCOUNTS_PID" ] && grep -q '^\[\[access.identity\]\]' "lenders/$LENDER.toml"; then
  accounts="  Other accounts  their buttons lead to a provider on this machine: login verified-0001, any password
                  (unverified-0001 for an account that nobody has checked, 70001 at VK ID)
"
fi
cat <<TEXT

$BOLD$GREEN  Kopeck ($LENDER) is at $url$PLAIN

  Sign in         any phone, say +7 900 000-00-01
  The SMS code    appears at $sandbox/inbox
${accounts}  Pay by card     5555 5555 5555 4444, any date ahead, any CVC; other cards and what they do: $sandbox
  Move the days   at $sandbox/clock/page

  Logs are in var/log, keys and data in var. Ctrl-C stops everything.

TEXT

# Whichever ends first ends the run.
wait -n "$SERVER_PID" "$SANDBOX_PID" || true
if kill -0 "$SERVER_PID" 2>/dev/null; then ended=sandbox; else ended=server; fi
tail -n 20 "var/log/$ended.log" >&2
die "The $ended ended by itself: see var/log/$ended.log"
