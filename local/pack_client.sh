#!/usr/bin/env bash
# Checks the JavaScript client's types, and packs it for npm: one module without dependencies, and its types.
set -euo pipefail
cd "$(dirname "$0")/.."

SOURCE=gateway/pages/client
WORK=.local/client
BIN=$WORK/node_modules/.bin

node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' 2>/dev/null || {
    echo "make client needs Node 20 or newer, which nothing else here does" >&2
    exit 1
}

mkdir -p "$WORK" dist
if ! cmp -s "$SOURCE/package-lock.json" "$WORK/package-lock.json" || [ ! -x "$BIN/esbuild" ]; then
    rm -f "$WORK/package-lock.json"
    cp "$SOURCE/.npmrc" "$SOURCE/package.json" "$WORK/"
    # The copy of the lock file that is here last says that everything else is.
    cp "$SOURCE/package-lock.json" "$WORK/npm-shrinkwrap.json"
    npm --prefix "$WORK" ci --silent
    mv "$WORK/npm-shrinkwrap.json" "$WORK/package-lock.json"
fi

rm -rf "$WORK/types" "$WORK/package"
"$BIN/tsc" --project "$SOURCE" --outDir "$WORK/types"
"$BIN/esbuild" "$SOURCE/ovation.js" --bundle --format=esm --target=es2022 --charset=utf8 --log-level=warning \
    --outfile="$WORK/package/ovation.js"
"$BIN/dts-bundle-generator" --silent --no-banner --project "$SOURCE/tsconfig.json" \
    -o "$WORK/package/ovation.d.ts" "$WORK/types/ovation.d.ts"
cp "$SOURCE/package.json" "$WORK/package/"
npm pack --silent --pack-destination dist "./$WORK/package"
