#!/usr/bin/env bash
# The Grafana that build.sh beside this file has built, with the dashboards of boards/ provisioned.
#
#   infra/grafana/grafana.sh start|stop|status|wipe
#
# `start` returns when it answers, and prints its URL. Anybody may look, on this machine alone. Settings come from
# the environment:
#   GRAFANA_PORT        3000
#   GRAFANA_DATA        .grafana in the working directory: data, log and pid
#   INFLUX_URL          http://127.0.0.1:8086
#   INFLUX_TOKEN        of an InfluxDB 2; only-for-trying-out
#   TOOLS               where it is kept; in the user's cache
# Exit codes: 0 done; 1 it failed, the reason is on standard error; 3 it is not built; status: 1 stopped.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
port=${GRAFANA_PORT:-3000}
data=${GRAFANA_DATA:-.grafana}
[[ $data == /* ]] || data=$PWD/$data
built=${TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/floorwalker}/grafana-10.0.0-preview
url=http://127.0.0.1:$port
patience_s=120 # a busy machine needs 20 s
export INFLUX_URL=${INFLUX_URL:-http://127.0.0.1:8086} INFLUX_TOKEN=${INFLUX_TOKEN:-only-for-trying-out}
export FLOORWALKER_BOARDS=$here/boards

say() { echo "grafana.sh: $*" >&2; }

started() { # under whatever name: just after its start it has not got its own yet
    kill -0 "$(cat "$data/pid")" 2>/dev/null
}

running() {
    local pid
    pid=$(cat "$data/pid" 2>/dev/null) && [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null &&
        ps -ww -o args= -p "$pid" | grep -qF "$data/"
}

configure() {
    mkdir -p "$data/plugins"
    cat >"$data/grafana.ini" <<CONF
[server]
http_addr = 127.0.0.1
http_port = $port
[paths]
data = $data
logs = $data/log
plugins = $data/plugins
provisioning = $here/provisioning
[analytics]
reporting_enabled = false
check_for_updates = false
check_for_plugin_updates = false
feedback_links_enabled = false
[plugins]
plugin_admin_enabled = false
public_key_retrieval_disabled = true
[news]
news_feed_enabled = false
[auth.anonymous]
enabled = true
org_role = Viewer
[users]
default_theme = light
[dashboards]
min_refresh_interval = 5s
CONF
}

start() {
    running && { echo "$url"; return; }
    [ -e "$built/.complete" ] || { say "it is not built yet: infra/grafana/build.sh builds it"; exit 3; }
    # Somebody else's server would answer for the one that cannot start.
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then say "port $port is taken"; exit 1; fi
    configure
    # In a session of its own: an interrupt at the terminal is not for it.
    $(command -v setsid || true) "$built/grafana" server --homepath "$built/home" --config "$data/grafana.ini" \
        >"$data/out" 2>&1 </dev/null &
    echo $! >"$data/pid"
    for _ in $(seq $((patience_s * 5))); do
        curl -fsS -o /dev/null "$url/api/health" 2>/dev/null && { echo "$url"; return; }
        started || { tail -5 "$data/out" >&2; say "it ended; all of its log: $data/log"; exit 1; }
        sleep .2
    done
    stop
    say "not ready after $patience_s s: see $data/log"
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
*) say "usage: grafana.sh start|stop|status|wipe"; exit 2 ;;
esac
