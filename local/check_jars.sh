#!/usr/bin/env bash
# Holds the jars that Maven brought against local/jars.sha256: each as it was when the file was written, and no other.
# (ovation-functions is compiled here, from jobs/java.)
# Usage: local/check_jars.sh FOLDER, which holds kafka/, mirror/ and flink-connectors/; --write before it writes the file anew.
set -euo pipefail

write=
[[ ${1:-} == --write ]] && { write=yes; shift; }
folder=${1:?a folder with kafka/, mirror/ and flink-connectors/}
list=$(cd "$(dirname "$0")" && pwd)/jars.sha256
cd "$folder"

digests() {
  find kafka mirror flink-connectors -name '*.jar' ! -name 'ovation-*.jar' -print0 | LC_ALL=C sort -z |
    if command -v sha256sum >/dev/null; then xargs -0 sha256sum; else xargs -0 shasum -a 256; fi
}

if [[ $write ]]; then
  digests >"$list"
  echo "Wrote $list: $(wc -l <"$list") jars"
elif ! difference=$(diff "$list" <(digests)); then
  echo "These jars are not those of local/jars.sha256 (< expected, > found); nothing may run with them:" >&2
  grep '^[<>]' <<<"$difference" >&2
  echo "After a change of local/pom.xml, look at each, then run make jars." >&2
  exit 1
fi
