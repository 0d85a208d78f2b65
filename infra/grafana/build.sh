#!/usr/bin/env bash
# Build a Grafana with its pages from its sources, to look at the dashboards where no container runs:
#
#   infra/grafana/build.sh         some 13 minutes of CPU and 3 GB of scratch the first time; then it says that it is there
#
# It is a snapshot of June 2023 (10.0.0-preview), the newest whose Go module builds by itself: good for checking that
# dashboards load, query and draw, nothing to run a floor on. Grafana is AGPL-3.0; nothing of it is shipped here.
# Needs Go 1.21 or newer (which fetches the version that this Grafana wants) and Node 20. Settings:
#   TOOLS        where it is kept; in the user's cache
#   GO_JOBS      how many packages at once; as many as there are processors
# Exit codes: 0 TOOLS/grafana-VERSION/grafana and home/ are there; 1 it failed; 3 Go or Node are missing.
set -euo pipefail

version=v1.9.2-0.20230609164553-81d85ce8028d
module=github.com/grafana/grafana
export GOTOOLCHAIN=go1.21.13 # newer ones cannot compile the golang.org/x/tools it pins

say() { echo "grafana/build.sh: $*" >&2; }
source "$(dirname "${BASH_SOURCE[0]}")/../origins.sh"
target=$tools/grafana-10.0.0-preview

[ ! -e "$target/.complete" ] || { echo "$target"; exit 0; }
need "Grafana is built with Go and Node." go node
mkdir -p "$target"
sources "$module" "$version"

server() {
    say "building the server"
    nice go run github.com/google/wire/cmd/wire@v0.5.0 gen -tags oss ./pkg/server # its wiring is generated, not kept
    nice go build ${GO_JOBS:+-p "$GO_JOBS"} -tags oss -ldflags "-s -w -X main.version=10.0.0-preview" \
        -o "$target/grafana" ./pkg/cmd/grafana
}

# Two dependencies live outside the npm registry: one archive comes with the module, for xlsx an older one does.
packages() {
    say "fetching the packages of its pages"
    mkdir -p "$scratch/packages"
    cp .yarn/cache/*.zip "$scratch/packages/"
    sed -i 's#https://cdn.sheetjs.com/[^"]*\.tgz#0.18.5#' package.json
    # The default linker, plug-and-play, fails on Node 20.19 and later.
    YARN_NODE_LINKER=node-modules YARN_ENABLE_TELEMETRY=0 YARN_ENABLE_SCRIPTS=0 YARN_ENABLE_GLOBAL_CACHE=false \
        YARN_CACHE_FOLDER=$scratch/packages YARN_ENABLE_IMMUTABLE_INSTALLS=false \
        nice node .yarn/releases/yarn-*.cjs install --no-immutable >"$scratch/yarn.log" 2>&1 ||
        { tail -20 "$scratch/yarn.log" >&2; say "the packages could not be fetched"; exit 1; }
}

# Archives of Go modules leave out folders called vendor. What was there draws only the oldest panels, so empty
# stand-ins do.
stand_ins() {
    mkdir -p public/vendor/{bootstrap,tagsinput,flot}
    local part
    for part in .selection .time .stack .stackpercent .fillbelow .crosshair .dashes .gauge; do
        : >"public/vendor/flot/jquery.flot$part.js"
    done
    echo 'const $ = require("jquery"); $.plot = Object.assign(() => {}, { plugins: [] });' >public/vendor/flot/jquery.flot.js
    echo 'const $ = require("jquery"); $.fn.tagsinput = function () { return this; };' >public/vendor/tagsinput/bootstrap-tagsinput.js
    cat >public/vendor/bootstrap/bootstrap.js <<'JS'
const $ = require('jquery');
for (const name of ['tooltip', 'popover', 'typeahead', 'modal', 'dropdown', 'tab', 'button', 'collapse']) {
  const Part = function () {};
  Part.prototype = { show() {}, hide() {}, enforceFocus() {} };
  $.fn[name] = Object.assign(function () { return this; }, { defaults: {}, Constructor: Part });
}
JS
}

pages() {
    say "building the pages"
    sed -i "s/devtool: 'source-map'/devtool: false/" scripts/webpack/webpack.prod.js
    sed -i 's/symlinks: false/symlinks: true/' scripts/webpack/webpack.common.js # node_modules/@grafana/* are links
    NODE_ENV=production NODE_OPTIONS=--max-old-space-size=8000 nice node node_modules/webpack/bin/webpack.js \
        --config scripts/webpack/webpack.prod.js --env noMinify=1 >"$scratch/webpack.log" 2>&1 ||
        { grep -a Error: "$scratch/webpack.log" | head >&2; say "the pages could not be built"; exit 1; }
}

# What the server reads when it runs: settings, pages, pictures, the descriptions of plug-ins; no sources.
kept() {
    mkdir -p "$target/home"
    cp -r conf "$target/home/"
    tar -c --exclude='*.ts' --exclude='*.tsx' --exclude='*.scss' --exclude='*.snap' --exclude='*.map' \
        --exclude='public/test*' --exclude='public/vendor' --exclude='public/sass' public | tar -x -C "$target/home"
    touch "$target/.complete"
}

[ -x "$target/grafana" ] || server
packages
stand_ins
pages
kept
echo "$target"
