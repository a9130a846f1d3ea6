#!/usr/bin/env bash
# Finds an nginx for the tests of docs/nginx, or installs one.
set -euo pipefail

for found in nginx /usr/sbin/nginx; do
  if command -v "$found" >/dev/null; then exit 0; fi
done

if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
  echo "Installing nginx with apt-get (a few seconds)"
  apt-get update -qq >/dev/null
  # Debian would start it at once, on port 80.
  RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends nginx-light >/dev/null
else
  echo "No nginx here, and only root may install one: the tests of docs/nginx are left out"
fi
