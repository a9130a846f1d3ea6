#!/usr/bin/env bash
# Asks PyPI for known vulnerabilities of every version in each lock file, with the pip-audit of .local/audit. Fails for each
# that is found, and also where nobody could say: what was not looked at is not safe.
# Usage: local/audit.sh requirements.lock…
set -euo pipefail
cd "$(dirname "$0")/.."

# Each file by itself: pip-audit takes no package that stands in two of them.
audit() {
  local options=(--strict --require-hashes --disable-pip --progress-spinner off) status=0 output
  output=$("${PIP_AUDIT:-.local/audit/bin/pip-audit}" "${options[@]}" --requirement "$1" 2>&1) || status=$?
  if grep -qE 'requests\.exceptions|urllib3\.exceptions|ConnectionError' <<<"$output"; then
    echo "PyPI cannot be reached, so nothing was audited: make audit needs a network, and asks about every package." >&2
    exit 2
  fi
  if grep -qi 'not found on PyPI' <<<"$output"; then
    echo "Nothing was audited: PyPI, or the mirror that stands in for it, knows nothing of vulnerabilities here." >&2
    echo "It said: $(tail -n 1 <<<"$output")" >&2
    exit 2
  fi
  echo "$1: $output"
  return "$status"
}

: "${@:?a lock file}"
failed=0
for file in "$@"; do audit "$file" || failed=1; done
exit "$failed"
