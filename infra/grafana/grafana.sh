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
url=http://127.0.0.1:$port
patience_s=120 # a busy machine needs 20 s
export INFLUX_URL=${INFLUX_URL:-http://127.0.0.1:8086} INFLUX_TOKEN=${INFLUX_TOKEN:-only-for-trying-out}
export FLOORWALKER_BOARDS=$here/boards

name=grafana.sh where=$url log=$data/out mark=$data/
source "$here/../service.sh"
source "$here/../origins.sh"
built=$tools/grafana-10.0.0-preview

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

prepare() {
    [ -e "$built/.complete" ] || { say "it is not built yet: infra/grafana/build.sh builds it"; exit 3; }
    configure
    program=("$built/grafana" server --homepath "$built/home" --config "$data/grafana.ini")
}

ready() { curl -fsS -o /dev/null "$url/api/health" 2>/dev/null; }

serve "$@"
