# shellcheck shell=bash
# What the scripts of servers share: start in the background, wait, stop. Sourced at the end by a script that has set
#   name        of the script, for what it says
#   data        folder of the server's own: data, log and pid
#   log         where its output goes
#   port, where the port it listens on, and what `start` prints
#   mark        words of its command line that no other process has
#   patience_s  how long a start may take
# and defined
#   prepare     has the program fetched and configured; sets `program` to its command line
#   ready       whether it answers
# Commands: start|stop|status|wipe. Exit codes: 0 done; 1 it failed, the reason is on standard error; 3 the program
# cannot be had here; status: 1 stopped.

say() { echo "$name: $*" >&2; }

fail() { say "$*"; exit 1; }

started() { # under whatever name: just after its start it has not got its own yet
    kill -0 "$(cat "$data/pid")" 2>/dev/null
}

running() {
    local pid
    pid=$(cat "$data/pid" 2>/dev/null) && [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null &&
        ps -ww -o args= -p "$pid" | grep -qF -- "$mark"
}

taken() { (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }

start() {
    running && { echo "$where"; return; }
    prepare
    ! taken || fail "port $port is taken" # somebody else's server would answer for this one
    mkdir -p "$data"
    : >"$log"
    # In a session of its own: an interrupt at the terminal is not for it.
    $(command -v setsid || true) "${program[@]}" >>"$log" 2>&1 </dev/null &
    echo $! >"$data/pid"
    for _ in $(seq $((patience_s * 5))); do
        ready && { echo "$where"; return; }
        sleep .2
        started || { tail -20 "$log" >&2; fail "it ended; all of its log: $log"; }
    done
    stop
    fail "not ready after $patience_s s: see $log"
}

stop() {
    running || return 0
    local pid
    pid=$(cat "$data/pid")
    kill "$pid"
    for _ in $(seq 100); do
        running || { rm -f "$data/pid"; return 0; }
        sleep .2
    done
    kill -9 "$pid"
    rm -f "$data/pid"
}

serve() { # COMMAND, and how to call the script where there are more than these
    case ${1:-} in
    start) start ;;
    stop) stop ;;
    status) running && echo "running on $where" || { echo stopped; exit 1; } ;;
    wipe) stop; rm -rf "$data" ;;
    *) say "usage: $name ${2:-start|stop|status|wipe}"; exit 2 ;;
    esac
}
