#!/usr/bin/env bash
# The live monitor, to look at: a real broker, one worker, a simulated contact center that is played to it.
#
#   infra/live.sh          (or: make live)
#
# Prints changes of alerts as they arrive, and stops everything at its end or when interrupted. Settings come
# from the environment:
#   LIVE_DIR     demo/live: events, the broker's data, logs; made anew by every run
#   LIVE_DAYS    14 simulated days
#   LIVE_RATE    5000 events a second
#   LIVE_PORT    9464, where /metrics, /healthz and /readyz are
#   KAFKA_PORT   19092; the controller listens on the next one
# Exit codes: 0 done; 1 it failed, the reason is on standard error; 3 Java or Maven are missing.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=${BIN:-$here/../.venv/bin}
dir=${LIVE_DIR:-demo/live}
[[ $dir == /* ]] || dir=$PWD/$dir
days=${LIVE_DAYS:-14}
rate=${LIVE_RATE:-5000}
web=${LIVE_PORT:-9464}
patience_s=300 # from the last event to the last closing
export KAFKA_PORT=${KAFKA_PORT:-19092} KAFKA_DATA=$dir/kafka

say() { echo "live: $*" >&2; }

fail() { say "$*"; exit 1; }

page() { # of the worker; curl is not everywhere
    "$bin/python" -c 'import sys, urllib.request as web; print(web.urlopen(sys.argv[1], timeout=5).read().decode())' \
        "http://127.0.0.1:$web/$1" 2>/dev/null
}

finish() {
    trap - EXIT INT TERM
    for pid in ${tail:-} ${worker:-}; do
        kill "$pid" 2>/dev/null || continue
        wait "$pid" 2>/dev/null || true
    done
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

mkdir -p "$dir"
"$here/kafka/kafka.sh" wipe
trap finish EXIT
trap 'exit 130' INT TERM
broker=$("$here/kafka/kafka.sh" start) # its exit code is ours: it says what to do without Java

[ -e "$dir/events-$days.done" ] || {
    "$bin/floorwalker" simulate --seed 7 --days "$days" --out "$dir" ${LIVE_SIMULATE:-}
    touch "$dir/events-$days.done"
}

export FLOORWALKER_KAFKA__BOOTSTRAP=$broker FLOORWALKER_LIVE__PORT=$web
export FLOORWALKER_REGISTRY=${FLOORWALKER_REGISTRY:-$dir/registry.json}
"$bin/floorwalker" worker --clock events >"$dir/worker.log" 2>&1 &
worker=$!
for _ in $(seq 120); do
    page readyz >/dev/null && break
    alive
    sleep .5
done
page readyz >/dev/null || fail "the worker is not ready after a minute: see $dir/worker.log"
say "a worker runs; its numbers: http://127.0.0.1:$web/metrics"

"$bin/floorwalker" alerts --follow > >(tee "$dir/alerts.jsonl") &
tail=$!
"$bin/floorwalker" produce "$dir/events.jsonl.gz" --to "kafka://$broker" --rate "$rate" --finish
for _ in $(seq "$patience_s"); do
    alive
    if settled && sleep 2 && settled; then
        sleep 1 # what was said last is on its way
        say "all events are through: $(wc -l <"$dir/alerts.jsonl") changes of alerts, kept in $dir/alerts.jsonl"
        exit 0
    fi
    sleep 1
done
fail "not through after $patience_s s: see $dir/worker.log"
