"""Personal data in every field of every event leave a real worker by no way: topics, pages, metrics, log."""

from __future__ import annotations

import json
import zlib

from streams.broker import admin
from tests.integration.live import Tail, until
from tests.integration.wall import Live
from tests.streams.test_canary import MAIL, REGISTRY, assert_clean, every

# A check that raises, with the text in the error: what a traceback would give away.
FAULTY = """
import streams.reading.features as features
sound = features.check
def check(heard, *more):
    if "POISON" in heard.text:
        raise RuntimeError(heard.text)
    return sound(heard, *more)
features.check = check
"""


def test_no_topic_no_page_and_no_log_of_a_worker_holds_it(live: Live) -> None:
    live.registry.write_text(json.dumps(REGISTRY))
    worker = live.worker("--clock", "events", before=FAULTY)
    events = [event for _, _, event in every()]
    poison = {**events[0], "id": "poison", "text": f"POISON {MAIL}"}
    live.player.play([json.dumps(event).encode() for event in (*events, poison)])
    live.player.finish()
    sent = {tp: count for tp, count in live.player.sent().items() if count}
    until(lambda: {tp: live.committed().get(tp) for tp in sent} == sent, 60, [worker])
    until(lambda: live.said(confirmed=True), 60, [worker])
    pages = {path: live.get(path)[1] for path in ("/metrics", "/blind", "/readyz")}
    assert worker.stop() == 0

    for path, page in pages.items():
        assert page
        assert_clean(page, path)
    assert_clean(live.log.read_text(), "the log")
    names = live.player.names
    with admin(live.configuration) as client:
        own = [
            name for name in client.list_topics() if name.startswith(live.configuration.settings.kafka.prefix)
        ]
    outputs = sorted(set(own) - set(names.inputs))
    records = {topic: _bytes(live, topic) for topic in outputs}
    for topic in (names.facts, names.snapshots, names.alerts, names.deadletters):
        assert records[topic], f"nothing in {topic}"
    for topic, found in records.items():
        for one in found:
            assert_clean(one, topic)
    assert any(one.startswith(b"a state: ") for one in records[names.snapshots])
    assert b'"internal"' in b"".join(records[names.deadletters]), "the check raised"


def _bytes(live: Live, topic: str) -> list[bytes]:
    """Keys, values and headers of a topic's records; shards of snapshots unpacked too."""
    tail = Tail(live.configuration, topic)
    found: list[bytes] = []
    for record in tail.more():
        headers = b"".join(name.encode() + value for name, value in record.headers)
        found.append((record.key or b"") + b" " + (record.value or b"") + b" " + headers)
        if topic == live.player.names.snapshots and record.value:
            found += _unpacked(record.value)
    tail.close()
    return found


def _unpacked(record: bytes) -> list[bytes]:
    try:
        return [b"a state: " + zlib.decompress(record)]
    except zlib.error:  # a manifest
        return []
