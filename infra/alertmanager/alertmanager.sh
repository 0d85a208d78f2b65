#!/usr/bin/env bash
# A real Prometheus Alertmanager for tests and for trying things out: that of Debian, unpacked, not installed.
#
#   infra/alertmanager/alertmanager.sh start|stop|status|wipe|fetch|build
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
version=v0.34.2 # that `build` makes
patience_s=30   # a busy machine needs one
package=prometheus-alertmanager
assets=usr/share/prometheus/alertmanager

name=alertmanager.sh where=http://127.0.0.1:$port log=$data/log mark=--storage.path=$data/state
source "$here/../service.sh"
source "$here/../origins.sh"
home=${ALERTMANAGER_HOME:-$tools/alertmanager}

fetch() {
    [ ! -e "$home/debian/.complete" ] || return 0
    need "ALERTMANAGER_BINARY names another Alertmanager" apt-get dpkg
    package "$package"
    mkdir "$scratch/patched"
    cp -r "$scratch/unpacked/$assets" "$scratch/patched/assets"
    # It opens its templates at a fixed path, which only root can make. The same path of the same length, but
    # of the working directory, spares that: ".//////".
    local dots
    dots=.$(printf '%0.s/' $(seq ${#assets}))
    LC_ALL=C sed "s|/$assets|$dots|g" "$scratch/unpacked/usr/bin/$package" >"$scratch/patched/alertmanager"
    cp "$scratch/unpacked/usr/bin/amtool" "$scratch/patched/amtool"
    chmod 755 "$scratch/patched/alertmanager"
    touch "$scratch/patched/.complete"
    keep "$scratch/patched" "$home/debian"
}

build() {
    need "Alertmanager is built with it" go
    [ ! -x "$home/$version/alertmanager" ] || return 0
    sources github.com/prometheus/alertmanager "$version"
    local part common=github.com/prometheus/common/version
    # Its pages want packages from elsewhere; the API needs none of them.
    mkdir -p ui/app/dist "$home/$version"
    echo '<!doctype html><title>Alertmanager</title>API only' | gzip -9 >ui/app/dist/index.html.gz
    for part in amtool alertmanager; do # the server last: where it is, all is
        nice go build -tags netgo -ldflags "-s -w -X $common.Version=${version#v}" -o "$home/$version/$part" "./cmd/$part"
    done
}

chosen() { # sets $binary
    binary=${ALERTMANAGER_BINARY:-$home/$version/alertmanager}
    if [ "$binary" = debian ] || { [ -z "${ALERTMANAGER_BINARY:-}" ] && [ ! -x "$binary" ]; }; then
        fetch
        binary=$home/debian/alertmanager
    fi
}

prepare() {
    [ -r "$config" ] || fail "$config cannot be read"
    chosen
    # Debian's looks for its templates where it is started.
    [ ! -d "$home/debian/assets" ] || cd "$home/debian/assets"
    program=("$binary" --config.file="$config" --storage.path="$data/state" --cluster.listen-address=
        --web.listen-address="127.0.0.1:$port")
}

ready() { taken; }

case ${1:-} in
fetch) fetch ;;
build) build ;;
*) serve "${1:-}" "start|stop|status|wipe|fetch|build" ;;
esac
