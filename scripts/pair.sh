# shellcheck shell=bash
# Sourced after env.sh: the server and the sandbox as a pair of processes.
#
#   start_sandbox BIN_DIR PORT SANDBOX_PORT LOG_DIR
#   start_accounts CABINET_URL PORT LOG_DIR FILE
#   start_server  BIN_DIR PORT SANDBOX_PORT LOG_DIR DATABASE_URL KEYS_FILE LENDER
# set SANDBOX_PID, ACCOUNTS_PID and SERVER_PID and return when the program answers; stop_pair ends both in good order. MAIL_PORT
# is the sandbox's mail receiver. With CLOCK_FILE set, the sandbox's clock goes on from where the last run left
# it: the data of that run must not find itself in the future.
SERVER_PID='' SANDBOX_PID='' ACCOUNTS_PID='' SANDBOX_URL=''
MAIL_PORT="${MAIL_PORT:-2525}"

# In process groups of their own: a Ctrl-C at the terminal reaches the script alone, which then stops the
# server before the outside world it talks to.
start_sandbox() {
  local bin="$1" port="$2" sandbox_port="$3" logs="$4"
  mkdir -p "$logs"
  SANDBOX_URL="http://127.0.0.1:$sandbox_port"
  set -m
  "$bin/kopeck-sandbox" --listen "127.0.0.1:$sandbox_port" --smtp "127.0.0.1:$MAIL_PORT" \
    --webhook-url "http://127.0.0.1:$port/webhooks/yookassa" >"$logs/sandbox.log" 2>&1 </dev/null &
  SANDBOX_PID=$!
  set +m
  answers "$SANDBOX_URL/health" 30 "$SANDBOX_PID" || pair_failed sandbox "$logs/sandbox.log"
  if [ -s "${CLOCK_FILE:-}" ]; then clock_restore; fi
}

# Real OpenID providers that play Gosuslugi's gateway, T-ID and VK ID on three ports from PORT on; the server is told of
# them by KOPECK_IDENTITY_FILE. Without them (their package wants a newer Node) everything else works, and their buttons
# are left out.
start_accounts() {
  local cabinet="$1" port="$2" logs="$3" file="$4"
  mkdir -p "$logs"
  set -m
  node end2end/support/identity-provider.mjs "$cabinet" "$file" "$port" $((port + 1)) $((port + 2)) \
    >"$logs/accounts.log" 2>&1 </dev/null &
  ACCOUNTS_PID=$!
  set +m
  if answers "http://localhost:$((port + 2))/.well-known/openid-configuration" 20 "$ACCOUNTS_PID"; then
    export KOPECK_IDENTITY_FILE="$file"
  else
    note "Accounts elsewhere did not start (see $logs/accounts.log): their buttons are left out"
    kill -TERM "$ACCOUNTS_PID" 2>/dev/null || true
    ACCOUNTS_PID=''
  fi
}

start_server() {
  local bin="$1" port="$2" sandbox_port="$3" logs="$4" database="$5" keys="$6" lender="$7"
  mkdir -p "$logs"
  [ -s "$keys" ] || (umask 077 && "$bin/kopeck" keys >"$keys")
  "$bin/kopeck" migrate --database "$database"

  set -m
  "$bin/kopeck" serve --lender "lenders/$lender.toml" --database "$database" \
    --listen "127.0.0.1:$port" --clock sandbox --sandbox-url "http://127.0.0.1:$sandbox_port" \
    --smtp-url "smtp://127.0.0.1:$MAIL_PORT" --public-url "${KOPECK_PUBLIC_URL:-http://localhost:$port}" \
    --site-root "$SITE" --hash-file "$SITE_HASHES" --keys "$keys" >"$logs/server.log" 2>&1 </dev/null &
  SERVER_PID=$!
  set +m
  answers "http://127.0.0.1:$port/health/ready" 30 "$SERVER_PID" || pair_failed server "$logs/server.log"
}

answers() { # url, seconds, pid of the process that should answer
  node -e '
    const [url, seconds, pid] = process.argv.slice(1);
    const until = Date.now() + 1000 * seconds;
    const again = async () => {
      try { if ((await fetch(url)).ok) process.exit(0); } catch {}
      try { process.kill(+pid, 0); } catch { process.exit(1); }
      if (Date.now() > until) process.exit(1);
      setTimeout(again, 50);
    };
    again();' "$1" "$2" "$3"
}

pair_failed() { # which, its log
  printf '%sThe %s did not start; its log ends:%s\n' "$RED" "$1" "$PLAIN" >&2
  tail -n 30 "$2" >&2
  stop_pair
  exit 1
}

clock_save() {
  node -e '
    const [url, file] = process.argv.slice(1);
    fetch(url + "/clock")
      .then((it) => it.text())
      .then((it) => require("fs").writeFileSync(file, it))
      .catch(() => {});' "$SANDBOX_URL" "$CLOCK_FILE"
}

# A clock that was never moved, or that real time has overtaken, needs nothing.
clock_restore() {
  node -e '
    const [url, file] = process.argv.slice(1);
    const saved = JSON.parse(require("fs").readFileSync(file, "utf8"));
    if (saved.moved && new Date(saved.now) > new Date()) {
      fetch(url + "/clock", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ now: saved.now }),
      }).then((it) => process.exit(it.ok ? 0 : 1));
    }' "$SANDBOX_URL" "$CLOCK_FILE"
}

stop_pair() {
  local pid
  if [ -n "${CLOCK_FILE:-}" ] && [ -n "$SANDBOX_PID" ]; then clock_save; fi
  for pid in "$SERVER_PID" "$ACCOUNTS_PID" "$SANDBOX_PID"; do
    [ -n "$pid" ] || continue
    kill -TERM "$pid" 2>/dev/null || true
    for _ in $(seq 150); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null || true
  done
  SERVER_PID='' SANDBOX_PID='' ACCOUNTS_PID=''
}
