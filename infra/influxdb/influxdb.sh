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
tools=${TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/floorwalker}
url=http://127.0.0.1:$port
patience_s=60 # a busy machine needs 2 s

say() { echo "influxdb.sh: $*" >&2; }

fetch() { # Debian's package, unpacked
    binary=$tools/influxd-debian/usr/bin/influxd
    [ -x "$binary" ] && return
    if ! command -v apt-get >/dev/null || ! command -v dpkg >/dev/null; then
        say "version 1 comes from a Debian package; here, build version 2 with infra/influxdb/build.sh"
        exit 3
    fi
    mkdir -p "$tools"
    local scratch
    scratch=$(mktemp -d "$tools/unpacking.XXXXXX")
    # Without lists of packages it needs an update first; that one may need root.
    (cd "$scratch" && { apt-get download -q influxdb || { apt-get update -q && apt-get download -q influxdb; }; } \
        >apt.log 2>&1 && dpkg -x influxdb_*.deb unpacked) ||
        { tail -3 "$scratch/apt.log" >&2; rm -rf "$scratch"; say "the package could not be fetched"; exit 3; }
    # Whoever unpacks at the same time unpacks the same.
    mv -T "$scratch/unpacked" "$tools/influxd-debian" 2>/dev/null || [ -x "$binary" ]
    rm -rf "$scratch"
}

built() {
    binary=$(ls -d "$tools"/influxd-2.* 2>/dev/null | grep -v part | sort -V | tail -1 || true)
    [ -x "$binary" ] || { say "version 2 is not built yet: infra/influxdb/build.sh builds it"; exit 3; }
}

started() { # under whatever name: just after its start it has not got its own yet
    kill -0 "$(cat "$data/pid")" 2>/dev/null
}

running() {
    local pid
    pid=$(cat "$data/pid" 2>/dev/null) && [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null &&
        ps -ww -o args= -p "$pid" | grep -qF "$data/"
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

launch() { # in a session of its own: an interrupt at the terminal is not for the database
    local apart
    apart=$(command -v setsid || true)
    if [ "$version" = 1 ]; then
        configure
        $apart "$binary" -config "$data/influxdb.conf" >>"$data/influxd.log" 2>&1 </dev/null &
    else
        $apart "$binary" --bolt-path "$data/influxd.bolt" --sqlite-path "$data/influxd.sqlite" \
            --engine-path "$data/engine" --http-bind-address "127.0.0.1:$port" --reporting-disabled \
            --log-level warn >>"$data/influxd.log" 2>&1 </dev/null &
    fi
    echo $! >"$data/pid"
}

set_up() { # a version 2 that nobody has set up
    curl -fsS "$url/api/v2/setup" | grep -q '"allowed": *true' || return 0
    curl -fsS -o /dev/null "$url/api/v2/setup" -H 'content-type: application/json' -d "{\"username\": \"floorwalker\",
        \"password\": \"$token\", \"org\": \"floorwalker\", \"bucket\": \"floorwalker\", \"token\": \"$token\"}"
}

start() {
    running && { echo "$url"; return; }
    command -v curl >/dev/null || { say "curl is missing"; exit 3; }
    case $version in
    1) fetch ;;
    2) built ;;
    *) say "INFLUXDB_VERSION is 1 or 2, not $version"; exit 1 ;;
    esac
    # Somebody else's server would answer for the one that cannot start.
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then say "port $port is taken"; exit 1; fi
    mkdir -p "$data"
    : >"$data/influxd.log"
    launch
    local answers=ping
    [ "$version" = 1 ] || answers=health
    for _ in $(seq $((patience_s * 10))); do
        if curl -fsS -o /dev/null "$url/$answers" 2>/dev/null; then
            [ "$version" = 1 ] || set_up
            echo "$url"
            return
        fi
        started || { tail -5 "$data/influxd.log" >&2; say "it ended; all of its log: $data/influxd.log"; exit 1; }
        sleep .1
    done
    stop
    say "not ready after $patience_s s: see $data/influxd.log"
    exit 1
}

stop() {
    running || return 0
    local pid
    pid=$(cat "$data/pid")
    kill "$pid"
    for _ in $(seq 100); do
        running || { rm -f "$data/pid"; return 0; }
        sleep .1
    done
    kill -9 "$pid"
    rm -f "$data/pid"
}

case ${1:-} in
start) start ;;
stop) stop ;;
status) running && echo "running on $url" || { echo stopped; exit 1; } ;;
wipe) stop; rm -rf "$data" ;;
*) say "usage: influxdb.sh start|stop|status|wipe"; exit 2 ;;
esac
