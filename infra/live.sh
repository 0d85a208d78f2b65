#!/usr/bin/env bash
# The live monitor, to look at: a real broker, one worker, a simulated contact center that is played to it, and
# around it what docker-compose.yml has too: InfluxDB, Alertmanager behind `floorwalker notify`, Grafana, the web
# page.
#
#   infra/live.sh          (or: make live)
#
# Prints changes of alerts as they arrive, and stops everything at its end or when interrupted. What cannot be had
# here is left out, and that is said: Grafana runs where infra/grafana/build.sh has built it. Settings come from
# the environment:
#   LIVE_DIR     demo/live: events, the broker's data, logs; made anew by every run
#   LIVE_DAYS    14 simulated days
#   LIVE_RATE    5000 events a second
#   LIVE_PORT    9464, where /metrics, /healthz and /readyz are
#   LIVE_AROUND  1; 0: broker and worker alone
#   LIVE_LINGER  0 seconds that everything runs on after the last event, to look at dashboards
#   WEB_PORT     9466, where incidents can be looked at, judged and silenced
#   KAFKA_PORT   19092; the controller listens on the next one
#   INFLUXDB_PORT, ALERTMANAGER_PORT, GRAFANA_PORT: 18086 and the next one, 19193, 13000
#   INFLUXDB_VERSION  2 where infra/influxdb/build.sh has built it, else 1
# Exit codes: 0 done; 1 it failed, the reason is on standard error; 3 Java or Maven are missing.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=${BIN:-$here/../.venv/bin}
dir=${LIVE_DIR:-demo/live}
[[ $dir == /* ]] || dir=$PWD/$dir
days=${LIVE_DAYS:-14}
rate=${LIVE_RATE:-5000}
web=${LIVE_PORT:-9464}
today=$(date -u +%F)
patience_s=300 # from the last event to the last closing
export KAFKA_PORT=${KAFKA_PORT:-19092} KAFKA_DATA=$dir/kafka
export INFLUXDB_PORT=${INFLUXDB_PORT:-18086} INFLUXDB_DATA=$dir/influxdb
export ALERTMANAGER_PORT=${ALERTMANAGER_PORT:-19193} ALERTMANAGER_DATA=$dir/alertmanager
export GRAFANA_PORT=${GRAFANA_PORT:-13000} GRAFANA_DATA=$dir/grafana
influxdb=$here/influxdb/influxdb.sh alertmanager=$here/alertmanager/alertmanager.sh grafana=$here/grafana/grafana.sh

say() { echo "live: $*" >&2; }

fail() { say "$*"; exit 1; }

page() { # of the worker; curl is not everywhere
    "$bin/python" -c 'import sys, urllib.request as web; print(web.urlopen(sys.argv[1], timeout=5).read().decode())' \
        "http://127.0.0.1:$web/$1" 2>/dev/null
}

finish() {
    trap - EXIT INT TERM
    for pid in ${tail:-} ${pages:-} ${notify:-} ${worker:-}; do
        kill "$pid" 2>/dev/null || continue
        wait "$pid" 2>/dev/null || true
    done
    for part in $started; do "$part" stop || true; done
    "$here/kafka/kafka.sh" stop || true
}

alive() { kill -0 "$worker" 2>/dev/null || { tail -5 "$dir/worker.log" >&2; fail "the worker ended"; }; }

# Nothing waits to be read, and no fact for its slot to close.
settled() {
    page metrics | awk '
        /^floorwalker_(lag_records|log_lag_records|log_held_facts)\{/ { waits += $2 }
        /^floorwalker_log_facts\{/ { facts += $2 }
        END { exit !(facts > 0 && waits == 0) }'
}

# Starts a part and prints where it is; what cannot be had here is no failure.
around() {
    local name=$1 script=$2 code=0 where
    where=$("$script" start 2>"$dir/$name.out") || code=$?
    [ "$code" = 0 ] && { echo "$where"; return; }
    tail -1 "$dir/$name.out" >&2
    [ "$code" = 3 ] || fail "$name did not start: see $dir/$name.out"
    return 3
}

# The live points lie in the time of the simulation, which must be within what is kept.
draw() {
    local built
    built=$(ls "${TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/floorwalker}"/influxd-2.* 2>/dev/null | grep -cv part || true)
    export INFLUXDB_VERSION=${INFLUXDB_VERSION:-$((built > 0 ? 2 : 1))}
    "$influxdb" wipe
    local url
    url=$(around influxdb "$influxdb") || return 0
    started="$influxdb"
    export FLOORWALKER_INFLUX__URL=$url FLOORWALKER_INFLUX__KEEP_DAYS=36500
    [ "$INFLUXDB_VERSION" = 1 ] || export FLOORWALKER_INFLUX_TOKEN=only-for-trying-out
    "$bin/floorwalker" influx init >"$dir/influx-init.out"
    say "InfluxDB $INFLUXDB_VERSION takes what is drawn: $url"
    export INFLUX_URL=$url INFLUX_TOKEN=only-for-trying-out
    url=$(around grafana "$grafana") || return 0
    started="$grafana $started"
    say "dashboards: $url/d/floorwalker-overview/overview?from=now-${days}d&to=now"
}

deliver() {
    local url
    url=$(around alertmanager "$alertmanager") || return 0
    started="$alertmanager $started"
    export FLOORWALKER_NOTIFY__RECEIVERS="{prometheus: {type: alertmanager, url: '$url', link: 'http://127.0.0.1:$GRAFANA_PORT{incident}'}}" FLOORWALKER_NOTIFY__PORT=0
    "$bin/floorwalker" notify >"$dir/notify.log" 2>&1 &
    notify=$!
    say "Alertmanager is told what is found: $url"
}

show() {
    "$bin/floorwalker" web --port "${WEB_PORT:-9466}" --runbooks "$here/runbooks" >"$dir/web.log" 2>&1 &
    pages=$!
    say "incidents, verdicts, silences: http://127.0.0.1:${WEB_PORT:-9466}/"
}

started=
mkdir -p "$dir"
"$here/kafka/kafka.sh" wipe
trap finish EXIT
trap 'exit 130' INT TERM
broker=$("$here/kafka/kafka.sh" start) # its exit code is ours: it says what to do without Java

[ -e "$dir/events-$days-$today.done" ] || {
    "$bin/floorwalker" simulate --seed 7 --days "$days" --recent --out "$dir" ${LIVE_SIMULATE:-}
    touch "$dir/events-$days-$today.done"
}

export FLOORWALKER_KAFKA__BOOTSTRAP=$broker FLOORWALKER_LIVE__PORT=$web
export FLOORWALKER_REGISTRY=${FLOORWALKER_REGISTRY:-$dir/registry.json}
[ "${LIVE_AROUND:-1}" = 0 ] || draw
"$bin/floorwalker" worker --clock events >"$dir/worker.log" 2>&1 &
worker=$!
for _ in $(seq 120); do
    page readyz >/dev/null && break
    alive
    sleep .5
done
page readyz >/dev/null || fail "the worker is not ready after a minute: see $dir/worker.log"
say "a worker runs; its numbers: http://127.0.0.1:$web/metrics"
[ "${LIVE_AROUND:-1}" = 0 ] || { deliver; show; }

"$bin/floorwalker" alerts --follow > >(tee "$dir/alerts.jsonl") &
tail=$!
"$bin/floorwalker" produce "$dir/events.jsonl.gz" --to "kafka://$broker" --rate "$rate" --finish
for _ in $(seq "$patience_s"); do
    alive
    if settled && sleep 2 && settled; then
        sleep 1 # what was said last is on its way
        say "all events are through: $(wc -l <"$dir/alerts.jsonl") changes of alerts, kept in $dir/alerts.jsonl"
        sleep "${LIVE_LINGER:-0}" &
        wait $! # which, unlike a sleep, an order to stop cuts short
        exit 0
    fi
    sleep 1
done
fail "not through after $patience_s s: see $dir/worker.log"
