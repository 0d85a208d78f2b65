#!/usr/bin/env bash
# Every dashboard in a real Grafana, on a real InfluxDB, with what a simulated week wrote, drawn in Chromium:
#
#   infra/grafana/real.sh          (or: make real-grafana)
#
# Fails where a page, a query or a panel does. The pictures are for somebody to look at. Needs what build.sh needs,
# the first time half an hour; Debian's chromium with a font; a package index for playwright. Settings:
#   REAL_DIR       demo/grafana: data, logs, pictures; made anew by every run
#   BIN            programs of the virtual environment
#   INFLUXDB_PORT  28086; the next one is taken too
#   GRAFANA_PORT   28300
#   INFLUXDB_VERSION  1 or 2; 1
# Exit codes: 0 all was drawn; 1 it was not; 3 something that is needed cannot be had.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$here/../..
bin=${BIN:-$root/.venv/bin}
[[ $bin == /* ]] || bin=$PWD/$bin
dir=${REAL_DIR:-demo/grafana}
[[ $dir == /* ]] || dir=$PWD/$dir
tools=${TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/floorwalker}
export INFLUXDB_PORT=${INFLUXDB_PORT:-28086} INFLUXDB_DATA=$dir/influxdb
export GRAFANA_PORT=${GRAFANA_PORT:-28300} GRAFANA_DATA=$dir/grafana
export FLOORWALKER_INFLUX_TOKEN=
[ "${INFLUXDB_VERSION:-1}" = 1 ] || export FLOORWALKER_INFLUX_TOKEN=only-for-trying-out

say() { echo "real.sh: $*" >&2; }

finish() {
    trap - EXIT
    "$here/grafana.sh" stop || true
    "$root/infra/influxdb/influxdb.sh" stop || true
}

if ! command -v chromium >/dev/null; then
    say "Chromium is missing. On Debian: apt-get install --no-install-recommends chromium fonts-dejavu-core"
    exit 3
fi
"$here/build.sh" >/dev/null
[ -x "$tools/playwright/bin/python" ] || "$bin/python" -m venv "$tools/playwright"
"$tools/playwright/bin/python" -c 'import playwright' 2>/dev/null ||
    "$tools/playwright/bin/python" -m pip install --quiet --disable-pip-version-check playwright==1.65.2

rm -rf "$dir"
mkdir -p "$dir"
trap finish EXIT
INFLUX_URL=$("$root/infra/influxdb/influxdb.sh" start)
export INFLUX_URL
"$bin/floorwalker" influx init --url "$INFLUX_URL" >/dev/null
say "simulating a week"
chosen=$(cd "$root" && "$bin/python" -m tests.integration.demo "$INFLUX_URL" "$dir/events")
grafana=$("$here/grafana.sh" start)
# shellcheck disable=SC2086 # several queries, none with a space
"$tools/playwright/bin/python" "$here/pictures.py" "$grafana" "$dir" var-source=floorwalker-replay var-run=demo $chosen
