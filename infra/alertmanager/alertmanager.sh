#!/usr/bin/env bash
# A real Prometheus Alertmanager for tests and for trying things out: that of Debian, unpacked, not installed.
#
#   infra/alertmanager/alertmanager.sh fetch|start|stop|status|build
#
# `start` returns when it takes alerts, and prints its URL. The first start fetches 11 MB with apt-get; nothing
# needs root. `build` makes a current version from its sources instead (Go 1.26, 3 minutes of a core), which
# `start` then prefers. Settings come from the environment:
#   ALERTMANAGER_PORT    9093
#   ALERTMANAGER_DATA    .alertmanager in the working directory: data, log and pid
#   ALERTMANAGER_CONFIG  alertmanager.yml beside this script
#   ALERTMANAGER_BINARY  which one to start: a path, or `debian`
#   ALERTMANAGER_HOME    where both are kept; in the user's cache
# Exit codes: 0 done; 1 it failed, the reason is on standard error; 3 it cannot be had here; status: 1 stopped.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
port=${ALERTMANAGER_PORT:-9093}
data=${ALERTMANAGER_DATA:-.alertmanager}
[[ $data == /* ]] || data=$PWD/$data
config=${ALERTMANAGER_CONFIG:-$here/alertmanager.yml}
[[ $config == /* ]] || config=$PWD/$config
home=${ALERTMANAGER_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/floorwalker/alertmanager}
version=v0.34.2 # that `build` makes
patience_s=30   # a busy machine needs one
package=prometheus-alertmanager
assets=usr/share/prometheus/alertmanager

say() { echo "alertmanager.sh: $*" >&2; }

fail() { say "$*"; exit 1; }

fetch() {
    [ -e "$home/debian/.complete" ] && return
    command -v apt-get >/dev/null && command -v dpkg >/dev/null ||
        { say "apt-get and dpkg are missing: ALERTMANAGER_BINARY names another Alertmanager"; exit 3; }
    say "fetching $package to $home"
    local work
    work=$(mktemp -d)
    (cd "$work" && apt-get download -q "$package") >"$work/log" 2>&1 || (apt-get update -q && cd "$work" &&
        apt-get download -q "$package") >>"$work/log" 2>&1 ||
        { tail -3 "$work/log" >&2; rm -rf "$work"; say "apt-get could not fetch $package"; exit 3; }
    dpkg -x "$work/$package"_*.deb "$work/x"
    local unpacked
    mkdir -p "$home"
    unpacked=$(mktemp -d "$home/unpacking.XXXXXX")
    cp -r "$work/x/$assets" "$unpacked/assets"
    # It opens its templates at a fixed path, which only root can make. The same path of the same length, but
    # of the working directory, spares that: ".//////".
    local dots
    dots=.$(printf '%0.s/' $(seq ${#assets}))
    LC_ALL=C sed "s|/$assets|$dots|g" "$work/x/usr/bin/$package" >"$unpacked/alertmanager"
    cp "$work/x/usr/bin/amtool" "$unpacked/amtool"
    chmod 755 "$unpacked" "$unpacked/alertmanager" "$unpacked/amtool"
    touch "$unpacked/.complete"
    # Whoever fetches at the same time fetches the same.
    mv -T "$unpacked" "$home/debian" 2>/dev/null || [ -e "$home/debian/.complete" ]
    rm -rf "$work" "$unpacked"
}

build() {
    command -v go >/dev/null || { say "Go is missing"; exit 3; }
    [ -x "$home/$version/alertmanager" ] && return
    local work module=github.com/prometheus/alertmanager common=github.com/prometheus/common/version
    work=$(mktemp -d)
    trap 'chmod -R u+w "$work"; rm -rf "$work"' RETURN
    local source
    source=$(cd "$work" && go mod download -json "$module@$version" | sed -n 's/^\t"Dir": "\(.*\)",*$/\1/p')
    cp -r "$source" "$work/src"
    chmod -R u+w "$work/src"
    # Its pages want packages from elsewhere; the API needs none of them.
    mkdir -p "$work/src/ui/app/dist" "$home/$version"
    echo '<!doctype html><title>Alertmanager</title>API only' | gzip -9 >"$work/src/ui/app/dist/index.html.gz"
    for part in alertmanager amtool; do
        (cd "$work/src" && nice go build -tags netgo -ldflags "-s -w -X $common.Version=${version#v}" \
            -o "$home/$version/$part" "./cmd/$part")
    done
}

chosen() {
    case ${ALERTMANAGER_BINARY:-} in
    "") [ -x "$home/$version/alertmanager" ] && echo "$home/$version/alertmanager" || { fetch; echo "$home/debian/alertmanager"; } ;;
    debian) fetch; echo "$home/debian/alertmanager" ;;
    *) echo "$ALERTMANAGER_BINARY" ;;
    esac
}

started() { # under whatever name: just after its start it has not got its own yet
    kill -0 "$(cat "$data/pid")" 2>/dev/null
}

running() {
    local pid
    pid=$(cat "$data/pid" 2>/dev/null) && [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null &&
        ps -ww -o args= -p "$pid" | grep -qF -- "--storage.path=$data/state"
}

start() {
    running && { echo "http://127.0.0.1:$port"; return; }
    local binary
    binary=$(chosen)
    [ -r "$config" ] || fail "$config cannot be read"
    mkdir -p "$data"
    : >"$data/log"
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && fail "port $port is taken"
    [ -d "$home/debian/assets" ] && cd "$home/debian/assets"
    $(command -v setsid || true) "$binary" --config.file="$config" --storage.path="$data/state" --cluster.listen-address= \
        --web.listen-address="127.0.0.1:$port" >>"$data/log" 2>&1 </dev/null &
    echo $! >"$data/pid"
    for _ in $(seq $((patience_s * 10))); do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && { echo "http://127.0.0.1:$port"; return; }
        sleep .1
        started || { tail -5 "$data/log" >&2; fail "it ended; all of its log: $data/log"; }
    done
    stop
    fail "not ready after $patience_s s: see $data/log"
}

stop() {
    running || return 0
    local pid
    pid=$(cat "$data/pid")
    kill "$pid"
    for _ in $(seq 50); do
        running || { rm -f "$data/pid"; return 0; }
        sleep .1
    done
    kill -9 "$pid"
    rm -f "$data/pid"
}

case ${1:-} in
fetch) fetch ;;
build) build ;;
start) start ;;
stop) stop ;;
status) running && echo "running on http://127.0.0.1:$port" || { echo stopped; exit 1; } ;;
*) say "usage: alertmanager.sh fetch|start|stop|status|build"; exit 2 ;;
esac
