#!/usr/bin/env bash
# Build InfluxDB 2 (influxd without its web pages) from its sources and keep the one file that is needed:
#
#   infra/influxdb/build.sh        some 13 minutes of CPU the first time, 4 GB of scratch; then it says that it is there
#
# Needs Go 1.25 or newer, a C compiler and a stable Rust (Flux is written in it). Settings from the environment:
#   TOOLS        where the binary is kept; in the user's cache
#   GO_JOBS      how many packages at once; as many as there are processors
# Exit codes: 0 TOOLS/influxd-VERSION is there; 1 it failed; 3 Go, Rust or the C compiler are missing.
set -euo pipefail

version=v2.9.1 # the newest that Go 1.25 can build
module=github.com/influxdata/influxdb/v2
say() { echo "influxdb/build.sh: $*" >&2; }
source "$(dirname "${BASH_SOURCE[0]}")/../origins.sh"
binary=$tools/influxd-${version#v}

[ ! -x "$binary" ] || { echo "$binary"; exit 0; }
need "InfluxDB is built with Go, Rust and a C compiler." go cargo cc
mkdir -p "$tools"
sources "$module" "$version"

# Its own pkg-config compiles the Rust half on demand; its version stands in go.mod.
wrapper=$(sed -n 's#^\tgithub.com/influxdata/pkg-config \(v[^ ]*\).*#\1#p' go.mod)
GOBIN=$scratch/bin go install "github.com/influxdata/pkg-config@$wrapper"
export PATH="$scratch/bin:$PATH" PKG_CONFIG="$scratch/bin/pkg-config"

# Flux pins an older Rust than most have; the variable overrules the pin, newer ones compile it as well.
if command -v rustup >/dev/null; then
    RUSTUP_TOOLCHAIN=${RUSTUP_TOOLCHAIN:-$(rustup toolchain list | sed -n 's/ .*//; /^stable/p' | head -1)}
    export RUSTUP_TOOLCHAIN
fi

say "building; this takes a while"
nice go build ${GO_JOBS:+-p "$GO_JOBS"} -tags 'sqlite_foreign_keys,sqlite_json' \
    -ldflags "-s -w -X main.version=$version" -o "$binary.part" ./cmd/influxd
"$binary.part" version >&2
mv "$binary.part" "$binary"
echo "$binary"
