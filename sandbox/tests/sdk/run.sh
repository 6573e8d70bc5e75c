#!/bin/sh
# Drives a running sandbox with the first provider's own SDK for Python and a foreign client of the second.
# SDK_VENV names the environment's folder; SANDBOX_BIN a built sandbox, otherwise it is built here.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
venv=${SDK_VENV:-$root/target/sdk-venv}

if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
fi
"$venv/bin/python" -c 'import yookassa' 2>/dev/null ||
    "$venv/bin/pip" install --quiet --disable-pip-version-check 'yookassa==3.13.*'
"$venv/bin/python" -c 'import tbank' 2>/dev/null ||
    "$venv/bin/pip" install --quiet --disable-pip-version-check 'tbank==1.14.*'

if [ -z "${SANDBOX_BIN:-}" ]; then
    (cd "$root" && cargo build --quiet -p sandbox)
    SANDBOX_BIN=${CARGO_TARGET_DIR:-$root/target}/debug/kopeck-sandbox
fi
export SANDBOX_BIN
"$venv/bin/python" "$here/test_yookassa_sdk.py"
exec "$venv/bin/python" "$here/test_tbank_client.py"
