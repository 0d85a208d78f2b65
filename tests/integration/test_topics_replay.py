"""Events played onto real topics and replayed from there, and from facts, give what the file gives."""

from __future__ import annotations

import gzip
import json
import time
from contextlib import suppress
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import msgspec
import pytest
from kafka import KafkaProducer

from streams.broker import Topic, admin, client_options, describe
from streams.build import build_reader
from streams.cli import main
from streams.live.topics import ensure, origins
from streams.load import Configuration
from streams.produce.topics import encode_control
from streams.reading import Record
from streams.records.controls import Control
from streams.records.parcels import encode_record
from streams.replay import kafka_source
from streams.replay.kafka_source import opened
from streams.replay.sources import Window, event_time, numbered
from streams.simulate.settings import Disorder, Simulation
from streams.simulate.write import write
from streams.writer import writing

control_decoder: msgspec.json.Decoder[Control] = msgspec.json.Decoder(Control)
SIMULATION = Simulation(
    seed=5,
    days=2,
    rate=0.3,
    troubles=("unsafe_actions",),
    disorder=Disorder(duplicates=0.02, swapped=0.05, malformed=0.01),
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("simulated")
    write(SIMULATION, path)
    return path


@pytest.fixture
def address(configuration: Configuration, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of the brokers; the environment says the rest."""
    kafka = configuration.settings.kafka
    monkeypatch.setenv("FLOORWALKER_KAFKA__PREFIX", kafka.prefix)
    monkeypatch.setenv("FLOORWALKER_KAFKA__INPUT_PARTITIONS", str(kafka.input_partitions))
    monkeypatch.setenv("FLOORWALKER_KAFKA__LOGS", str(kafka.logs))
    return f"kafka://{kafka.bootstrap}"


def replayed(data: Path, tmp_path: Path, *arguments: str) -> list[bytes]:
    out = tmp_path / "alerts.jsonl"
    registry = str(data / "registry.json")
    assert main(["replay", *arguments, "--registry", registry, "--alerts", str(out)]) == 0
    return sorted(out.read_bytes().splitlines())


def produced(data: Path, address: str, *more: str) -> None:
    assert main(["produce", str(data / "events.jsonl.gz"), "--to", address, *more]) == 0


def test_a_replay_of_topics_gives_what_the_file_gives(
    data: Path, tmp_path: Path, configuration: Configuration, address: str
) -> None:
    produced(data, address, "--finish")
    wanted = replayed(data, tmp_path, str(data / "events.jsonl.gz"))
    assert wanted
    rejects = tmp_path / "rejected.jsonl"
    assert replayed(data, tmp_path, address, "--rejected", str(rejects)) == wanted
    malformed = rejects.read_bytes().splitlines()
    assert 0 < len(malformed) < 0.03 * count(configuration)
    assert count(configuration) == len(lines(data))
    with admin(configuration) as client:
        assert not [group for group in client.list_groups() if configuration.settings.kafka.app in str(group)]


def test_memory_is_bounded_and_gaps_do_not_matter(
    data: Path, tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As few records ahead as can be: many switches between partitions."""
    produced(data, address)
    monkeypatch.setattr(kafka_source, "AHEAD_BYTES", 0)
    monkeypatch.setattr(kafka_source, "MIN_AHEAD_BYTES", 4096)
    monkeypatch.setattr(kafka_source, "POLL_RECORDS", 50)
    assert replayed(data, tmp_path, address) == replayed(data, tmp_path, str(data / "events.jsonl.gz"))


def test_a_range_is_what_happened_in_it(data: Path, tmp_path: Path, address: str) -> None:
    produced(data, address)
    middle = sorted(filter(None, map(moment, lines(data))))[len(lines(data)) // 2]
    for option in ("--to", "--from"):
        part = tmp_path / "part.jsonl"
        kept = [line for line in lines(data) if (at := moment(line)) and (at < middle) == (option == "--to")]
        part.write_bytes(b"\n".join(kept))
        cut = replayed(data, tmp_path, address, option, middle.isoformat())
        assert cut == replayed(data, tmp_path, str(part))
    assert replayed(data, tmp_path, address, "--to", "2000-01-01T00:00:00Z") == []


def test_a_range_may_be_what_was_written_in_it(data: Path, tmp_path: Path, address: str) -> None:
    begun = datetime.now(UTC).isoformat()
    produced(data, address, "--finish")
    time.sleep(0.01)
    ended = datetime.now(UTC).isoformat()
    produced(data, address)
    first = replayed(data, tmp_path, address, "--written", "--from", begun, "--to", ended)
    assert first == replayed(data, tmp_path, str(data / "events.jsonl.gz"))
    assert replayed(data, tmp_path, address, "--written", "--to", begun) == []


def test_facts_give_what_the_events_gave(
    data: Path, tmp_path: Path, configuration: Configuration, address: str
) -> None:
    produced(data, address, "--finish")
    work(configuration)
    wanted = replayed(data, tmp_path, str(data / "events.jsonl.gz"))
    assert replayed(data, tmp_path, address, "--facts", "--clock", "events") == wanted


def test_controls_come_from_their_topic(
    data: Path, tmp_path: Path, configuration: Configuration, address: str
) -> None:
    produced(data, address, "--finish")
    plain = replayed(data, tmp_path, address)
    stranger = tmp_path / "registry.json"
    stranger.write_bytes(b'{"tenants": {}}')
    publish = ["publish", str(stranger), "--to", address, "--at"]
    assert main([*publish, "2001-01-01T00:00:00Z"]) == 2
    assert main([*publish, "2001-01-01T00:00:00Z", "--clock", "events", "--author", "me"]) == 0
    changed = replayed(data, tmp_path, address)
    assert changed != plain
    assert any(b'"shadow_ai"' in line for line in changed)
    none = tmp_path / "none.jsonl"
    none.touch()
    assert replayed(data, tmp_path, address, "--controls", str(none)) == plain
    work(configuration)
    assert replayed(data, tmp_path, address, "--facts", "--clock", "events") == changed


def test_events_keep_their_place(data: Path, configuration: Configuration, address: str) -> None:
    """All of a conversation in one partition of each topic; nothing lost, nothing doubled, as it was."""
    produced(data, address)
    values: list[bytes] = []
    numbers: dict[tuple[str, str], set[int]] = {}
    with opened(configuration, inputs(configuration), Window()) as partitions:
        for record in chain.from_iterable(partitions):
            values.append(record.value)
            with suppress(ValueError, KeyError, TypeError):
                place = (record.topic, str(json.loads(record.value)["conversation"]))
                numbers.setdefault(place, set()).add(record.partition)
    assert sorted(values) == sorted(lines(data))
    assert {number for found in numbers.values() for number in found} == {0, 1, 2}
    assert all(len(found) == 1 for found in numbers.values())


def test_a_second_run_goes_on_where_the_first_ended(
    data: Path, configuration: Configuration, address: str
) -> None:
    produced(data, address, "--rate", "1000000")
    produced(data, address, "--speed", "1000000000")
    assert count(configuration) == 2 * len(lines(data))


@pytest.mark.parametrize("command", ["produce", "replay", "deadletters", "publish"])
def test_an_absent_broker_is_one_line(
    command: str, data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.broker.CONNECT_MS", 300)
    nowhere = "kafka://127.0.0.1:1"
    arguments = {
        "produce": [str(data / "events.jsonl.gz"), "--to", nowhere],
        "replay": [nowhere, "--alerts", "-"],
        "deadletters": ["--to", nowhere],
        "publish": [str(data / "registry.json"), "--to", nowhere],
    }[command]
    assert main([command, *arguments]) == 1
    said = capsys.readouterr().err.strip().splitlines()[-1]
    assert said.startswith("floorwalker: kafka 127.0.0.1:1: no answer in time")


def test_topics_that_do_not_exist_are_said(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", address, "--alerts", "-"]) == 1
    assert "there is no topic" in capsys.readouterr().err


def test_aborted_transactions_and_their_markers_are_passed_over(
    configuration: Configuration,
) -> None:
    ensure(configuration)
    name = configuration.settings.kafka.named("sessions")
    options = client_options(configuration) | {"transactional_id": configuration.settings.kafka.app}
    producer = KafkaProducer(**options)
    producer.init_transactions()
    for kept in (True, False, True):
        producer.begin_transaction()
        producer.send(name, b"{}", partition=0)
        producer.flush()
        (producer.commit_transaction if kept else producer.abort_transaction)()
    producer.close()
    with opened(configuration, inputs(configuration), Window()) as partitions:
        offsets = [record.offset for record in chain.from_iterable(partitions)]
        assert sum(partition.size for partition in partitions) == 6
    assert offsets == [0, 4]


# -- what the tests share ------------------------------------------------------------------------------------


def lines(data: Path) -> list[bytes]:
    return gzip.decompress((data / "events.jsonl.gz").read_bytes()).splitlines()


def moment(line: bytes) -> datetime | None:
    return event_time(Record("", 0, 0, line))


def inputs(configuration: Configuration) -> list[Topic]:
    with admin(configuration) as client:
        return list(describe(client, configuration.settings.kafka.inputs()).values())


def count(configuration: Configuration) -> int:
    with opened(configuration, inputs(configuration), Window()) as partitions:
        return sum(partition.size for partition in partitions)


def work(configuration: Configuration) -> None:
    """What a worker does with the topics: facts into their logs, controls forwarded."""
    kafka = configuration.settings.kafka
    topics = ensure(configuration)
    reader = build_reader(configuration, kafka.logs)
    controls: list[Control] = [origins(topics, kafka)]
    with opened(configuration, [topics[kafka.named("controls")]], Window()) as partitions:
        controls += [control_decoder.decode(record.value) for record in chain.from_iterable(partitions)]
    with writing(configuration) as writer:
        writer.send(kafka.named("controls"), b"origins", encode_control(controls[0]))
        for control in controls:
            for log in range(kafka.logs):
                writer.send(kafka.named("facts"), None, encode_record(control), partition=log)
        with opened(configuration, inputs(configuration), Window()) as partitions:
            for partition in partitions:
                reader.seek(partition.origin, 0)
            for index, record in numbered(partitions):
                for log, parcel in reader.take(partitions[index].origin, [record]).parcels:
                    writer.send(kafka.named("facts"), None, encode_record(parcel), partition=log)
            for log, parcel in reader.progress():
                writer.send(kafka.named("facts"), None, encode_record(parcel), partition=log)
