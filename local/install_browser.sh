#!/usr/bin/env bash
# Finds a Chromium for the page's tests, or installs one.
set -euo pipefail
cd "$(dirname "$0")/.."

for name in chromium chromium-browser google-chrome google-chrome-stable; do
  if command -v "$name" >/dev/null; then exit 0; fi
done

if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null && . /etc/os-release && [[ ${ID:-} == debian ]]; then
  echo "Installing Chromium with apt-get (about a minute)"
  apt-get update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends chromium >/dev/null
else
  echo "Installing Chromium with Playwright (about a minute)"
  .venv/bin/playwright install --only-shell chromium
fi
