#!/usr/bin/env bash
# Finds promtool for the tests of sql/grafana/alerts.yml, or unpacks Debian's into .local/promtool. Nothing is started.
set -euo pipefail
cd "$(dirname "$0")/.."

if command -v promtool >/dev/null || [[ -x .local/promtool/usr/bin/promtool ]]; then exit 0; fi

if command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null; then
  echo "Fetching promtool with apt-get (a few seconds)"
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  # apt drops its rights for a download, and so must be able to write there.
  chmod 777 "$folder"
  if [[ $(id -u) == 0 ]]; then apt-get update -qq >/dev/null; fi
  if (cd "$folder" && apt-get download -qq prometheus >/dev/null); then
    dpkg-deb --extract "$folder"/prometheus_*.deb "$folder/all"
    mkdir -p .local/promtool/usr/bin
    cp "$folder/all/usr/bin/promtool" .local/promtool/usr/bin/
    exit 0
  fi
fi
echo "No promtool here: the alert rules are only read, not tried"
