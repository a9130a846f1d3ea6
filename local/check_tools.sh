#!/usr/bin/env bash
# Says in one sentence each what is missing to install: Python 3.11, JDK 17, Maven.
set -euo pipefail

missing=0
say() { echo "$1" >&2; missing=1; }

python=${PYTHON:-python3.11}
if ! version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null); then
  say "Python 3.11 is missing ($python does not run): install it, or name it with make PYTHON=/path/to/python3.11."
elif [[ $version != 3.11 ]]; then
  say "$python is Python $version, and Flink's Python needs 3.11: name it with make PYTHON=/path/to/python3.11."
elif ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  say "$python cannot make virtual environments: install its venv package (Debian: apt-get install python3.11-venv)."
fi

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
if ! answer=$("$java" -version 2>&1); then
  say "Java is missing ($java does not run): install JDK 17 (Debian: apt-get install openjdk-17-jdk-headless)."
else
  release=$(sed -nE 's/.*version "(1\.)?([0-9]+).*/\2/p' <<<"$answer" | head -n 1)
  if ((${release:-0} < 17 || ${release:-0} > 21)); then
    say "$java is Java ${release:-of an unknown version}, and Kafka and Flink need JDK 17 to 21: set JAVA_HOME to one."
  fi
fi

if ! command -v mvn >/dev/null; then
  say "Maven is missing: install it (Debian: apt-get install maven)."
fi

exit "$missing"
