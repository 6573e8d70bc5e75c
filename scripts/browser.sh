# shellcheck shell=bash
# Sourced: finds a Chromium for the browser tests and exports its path as CHROMIUM.
find_chromium() {
  local name
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then
      CHROMIUM="$(command -v "$name")"
      export CHROMIUM
      return 0
    fi
  done
  return 1
}
