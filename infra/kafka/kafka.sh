#!/usr/bin/env bash
# A real Apache Kafka for tests and for trying things out, without Docker: one broker from its Maven artifacts.
#
#   infra/kafka/kafka.sh start|stop|status|wipe
#
# `start` returns when topics can be made, and prints HOST:PORT. Data survive stop and start; `wipe` removes
# them. The first start fetches 44 MB. Settings come from the environment:
#   KAFKA_PORT   9092; the controller listens on the next one
#   KAFKA_DATA   .kafka in the working directory: data, log and pid
#   KAFKA_HEAP   256m
#   KAFKA_EXTRA  a file of broker settings that go before those of server.properties
#   KAFKA_FORMAT words for the first formatting of its storage, such as --add-scram SCRAM-SHA-512=[name=..,password=..]
#   KAFKA_LIBS   where the jars are kept; in the user's cache
# Exit codes: 0 done; 1 it failed, the reason is on standard error; 3 Java or Maven are missing; status: 1 stopped.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
port=${KAFKA_PORT:-9092}
data=${KAFKA_DATA:-.kafka}
[[ $data == /* ]] || data=$PWD/$data
heap=${KAFKA_HEAP:-256m}
libs=${KAFKA_LIBS:-${XDG_CACHE_HOME:-$HOME/.cache}/floorwalker/kafka-$(cksum <"$here/pom.xml" | cut -d' ' -f1)}
cluster=Zmxvb3J3YWxrZXIta2Fma2 # any 16 bytes in base64; fixed, so that data can be found again
patience_s=180                 # a busy machine needs 10 s, one with four of them half a minute
java_wanted=17                 # Kafka 4 runs on nothing older

name=kafka.sh where=127.0.0.1:$port log=$data/server.log mark="kafka.Kafka $data/"
source "$here/../service.sh"

instead() {
    say "On Debian or Ubuntu: apt-get install openjdk-17-jre-headless maven"
    say "On macOS: brew install openjdk@17 maven"
    say "With Docker instead: docker compose up -d kafka"
    exit 3
}

need_java() {
    command -v java >/dev/null || { say "Java is missing (version $java_wanted or newer is needed)."; instead; }
    local found
    found=$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -1)
    [ "${found:-0}" -ge "$java_wanted" ] || { say "Java ${found:-?} is too old: $java_wanted or newer is needed."; instead; }
}

fetch() {
    [ -e "$libs/.complete" ] && return
    command -v mvn >/dev/null || { say "Maven is missing; it fetches the broker on its first start."; instead; }
    mkdir -p "$libs"
    (
        command -v flock >/dev/null && flock 9 # one at a time: Maven's own store is not made for two
        [ -e "$libs/.complete" ] || fetch_now
    ) 9>"$libs/.lock"
}

fetch_now() {
    say "fetching Apache Kafka to $libs"
    mvn --batch-mode --file "$here/pom.xml" dependency:copy-dependencies -DincludeScope=runtime \
        -DoutputDirectory="$libs" >"$libs/maven.log" 2>&1 ||
        { grep ERROR "$libs/maven.log" | head -5 >&2; say "Maven could not fetch it: see $libs/maven.log"; exit 1; }
    touch "$libs/.complete"
}

configure() {
    mkdir -p "$data"
    sed "s|@PORT@|$port|g; s|@CONTROLLER@|$((port + 1))|g; s|@DATA@|$data|g" \
        "$here/server.properties" >"$data/server.properties"
    [ -z "${KAFKA_EXTRA:-}" ] || cat "$KAFKA_EXTRA" >>"$data/server.properties"
    [ -e "$data/log/meta.properties" ] ||
        java -Xmx128m -XX:TieredStopAtLevel=1 -cp "$libs/*" kafka.tools.StorageTool format \
            -t "$cluster" -c "$data/server.properties" ${KAFKA_FORMAT:-} >"$data/format.log" 2>&1 ||
        { cat "$data/format.log" >&2; exit 1; }
}

prepare() {
    need_java
    fetch
    configure
    program=(java -Xms64m -Xmx"$heap" -XX:+UseSerialGC -Djava.awt.headless=true -Dlog4j2.level=INFO
        -cp "$libs/*" kafka.Kafka "$data/server.properties")
}

ready() { grep -q 'Kafka Server started' "$log"; }

serve "$@"
