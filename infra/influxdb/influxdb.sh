#!/usr/bin/env bash
# A real InfluxDB for tests and for trying things out, without Docker and without root.
#
#   infra/influxdb/influxdb.sh start|stop|status|wipe
#
# `start` returns when points can be written, and prints its URL. Data survive stop and start; `wipe` removes them.
# Version 1 is Debian's package (1.6.7), fetched and unpacked in seconds, not installed; version 2 is what build.sh
# beside this file has built. Settings come from the environment:
#   INFLUXDB_VERSION  1 or 2; 1
#   INFLUXDB_PORT     8086; version 1 takes the next one too
#   INFLUXDB_DATA     .influxdb in the working directory: data, log and pid
#   INFLUXDB_TOKEN    of version 2: set up with it; only-for-trying-out
#   TOOLS             where the programs are kept; in the user's cache
# Version 2 is set up with the organisation `floorwalker` and a bucket of that name, kept for ever.
# Exit codes: 0 done; 1 it failed, the reason is on standard error; 3 the program cannot be had; status: 1 stopped.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
version=${INFLUXDB_VERSION:-1}
port=${INFLUXDB_PORT:-8086}
data=${INFLUXDB_DATA:-.influxdb}
[[ $data == /* ]] || data=$PWD/$data
token=${INFLUXDB_TOKEN:-only-for-trying-out}
url=http://127.0.0.1:$port
patience_s=60 # a busy machine needs 2 s

name=influxdb.sh where=$url log=$data/influxd.log mark=$data/
source "$here/../service.sh"
source "$here/../origins.sh"

fetch() { # Debian's package, unpacked
    binary=$tools/influxd-debian/usr/bin/influxd
    [ ! -x "$binary" ] || return 0
    need "version 1 comes from a Debian package; infra/influxdb/build.sh builds version 2" apt-get dpkg
    package influxdb
    keep "$scratch/unpacked" "$tools/influxd-debian"
}

built() {
    binary=$(ls -d "$tools"/influxd-2.* 2>/dev/null | grep -v part | sort -V | tail -1 || true)
    [ -x "$binary" ] || { say "version 2 is not built yet: infra/influxdb/build.sh builds it"; exit 3; }
}

configure() {
    cat >"$data/influxdb.conf" <<CONF
reporting-disabled = true
bind-address = "127.0.0.1:$((port + 1))"
[meta]
  dir = "$data/meta"
[data]
  dir = "$data/data"
  wal-dir = "$data/wal"
  index-version = "tsi1"
[http]
  bind-address = "127.0.0.1:$port"
  log-enabled = false
[monitor]
  store-enabled = false
CONF
}

set_up() { # a version 2 that nobody has set up
    curl -fsS "$url/api/v2/setup" | grep -q '"allowed": *true' || return 0
    curl -fsS -o /dev/null "$url/api/v2/setup" -H 'content-type: application/json' -d "{\"username\": \"floorwalker\",
        \"password\": \"$token\", \"org\": \"floorwalker\", \"bucket\": \"floorwalker\", \"token\": \"$token\"}"
}

prepare() {
    need "it is asked whether it answers with it" curl
    mkdir -p "$data"
    case $version in
    1)
        fetch
        configure
        program=("$binary" -config "$data/influxdb.conf")
        ;;
    2)
        built
        program=("$binary" --bolt-path "$data/influxd.bolt" --sqlite-path "$data/influxd.sqlite"
            --engine-path "$data/engine" --http-bind-address "127.0.0.1:$port" --reporting-disabled --log-level warn)
        ;;
    *) fail "INFLUXDB_VERSION is 1 or 2, not $version" ;;
    esac
}

ready() {
    if [ "$version" = 1 ]; then
        curl -fsS -o /dev/null "$url/ping" 2>/dev/null
    else
        curl -fsS -o /dev/null "$url/health" 2>/dev/null && set_up
    fi
}

serve "$@"
