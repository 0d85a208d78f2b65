"""The line of a receiver: order, pauses, the circuit, and its bound."""

from __future__ import annotations

from streams.notify.line import GIVE_UP, LONGEST_S, TRIPS, Line


def line(bound: int = 100, chance: float = 0.999) -> Line:
    return Line(bound, lambda: chance)


def test_nobody_goes_twice_at_once() -> None:
    found = line()
    found.add("a", 2)
    assert found.next(0.0) == "a"
    found.add("a", 2)
    assert found.next(0.0) is None
    found.done("a", reached=True)
    assert found.next(0.0) == "a"


def test_pauses_double_to_a_bound_and_jitter_spreads_them() -> None:
    for chance in (0.0, 0.999):
        found, now, pauses = line(chance=chance), 0.0, []
        found.add("a", 2)
        for _ in range(12):
            while found.next(now) is None:
                now += 0.01
            begun = now
            found.failed("a", 2, now, None)
            while now < max(found.circuit.until, begun + found.due(now)):
                now += 0.01
            pauses.append(now - begun)
        assert pauses == sorted(pauses) or max(pauses) <= LONGEST_S + 1
        assert LONGEST_S / 2 - 1 <= pauses[-1] <= LONGEST_S + 1


def test_what_it_asks_for_is_honoured() -> None:
    found = line(chance=0.0)
    found.add("a", 2)
    found.add("b", 2)
    assert found.next(0.0) == "a"
    found.failed("a", 2, 0.0, 30.0)
    assert found.next(29.9) is None
    assert found.next(30.1) is not None


def test_a_receiver_that_is_away_is_asked_with_one_message_at_a_time() -> None:
    found = line()
    for key in "abcdef":
        found.add(key, 2)
    busy = [found.next(0.0) for _ in range(TRIPS)]
    for key_of in busy:
        found.failed(str(key_of), 2, 0.0, None)
    assert found.circuit.away
    later = found.circuit.until
    assert found.next(later) is not None
    assert found.next(later) is None
    assert found.due(later) == LONGEST_S


def test_a_message_that_always_fails_holds_nobody_up_and_is_given_up() -> None:
    found, now, attempts, others = line(), 0.0, 0, 0
    found.add("bad", 2)
    alive = True
    while alive:
        now += 1.0
        found.add(f"good{now}", 0)
        while (key := found.next(now)) is not None:
            if key == "bad":
                attempts += 1
                alive = found.failed(key, 2, now, None)
            else:
                others += 1
                found.done(key, reached=True)
    assert attempts == GIVE_UP
    assert others > now * 0.9


def test_its_bound_drives_out_the_oldest_of_the_least_severe() -> None:
    found = line(bound=3)
    assert found.add("page", 2) == found.add("info", 0) == found.add("info2", 0) == []
    assert found.add("page2", 2) == ["info"]
    assert len(found) == 3


def test_what_is_forgotten_does_not_come_back() -> None:
    found = line()
    found.add("a", 2)
    found.wait("b", 2, 5.0)
    found.forget("a")
    found.forget("b")
    assert found.next(100.0) is None


def test_what_is_put_off_again_and_again_takes_no_memory() -> None:
    line = Line(100, lambda: 0.5)
    for _ in range(10_000):
        line.add("a", 1)
        line.wait("a", 1, 1e9)
    assert len(line._later) < 1000
    assert line.next(1e9) == "a"
    line.done("a", reached=True)
    assert line.next(1e9) is None
