"""What was delivered is remembered: whole while it is open, in a few bytes once it is over."""

from __future__ import annotations

from msgspec.structs import replace

from streams.notify.delivered import Delivered, Row

ROW = Row(
    receiver="pager", id="a", order=(1, "2026-05-04T00:00:00.000Z", 0), over=False, severity=2, at=7.0,
    digest="d", thread="t", acked="k",
)  # fmt: skip
OVER = replace(ROW, order=(1, "2026-05-04T00:01:00.000Z", 2), over=True)


def test_what_is_open_is_kept_whole() -> None:
    found = Delivered(10)
    found.put(ROW)
    assert found.find("pager", "a") == ROW
    assert found.holds("pager", "a")
    assert list(found.standing("pager")) == [ROW]
    assert list(found.standing("desk")) == []


def test_of_what_is_over_its_order_is_kept() -> None:
    found = Delivered(10)
    found.put(ROW)
    found.put(OVER)
    kept = found.find("pager", "a")
    assert kept is not None
    assert (kept.over, kept.order, kept.key) == (True, OVER.order, OVER.key)
    assert not found.holds("pager", "a")
    assert len(found) == 1
    found.put(ROW)  # open again
    assert found.find("pager", "a") == ROW
    assert len(found) == 1


def test_the_oldest_that_are_over_go_first() -> None:
    found = Delivered(3)
    for number in range(3):
        found.put(replace(ROW, id=f"open{number}"))
        found.put(replace(OVER, id=f"over{number}"))
    assert found.spill() == [b"pager/over0", b"pager/over1", b"pager/over2"]
    found.put(replace(ROW, id="open3"))
    assert found.spill() == [b"pager/open0"]
    assert found.spill() == []


def test_what_a_record_says_no_longer_is_forgotten() -> None:
    found = Delivered(3)
    for row in (ROW, replace(OVER, id="b")):
        found.put(row)
        found.drop(row.key)
    found.drop(b"nobody/c")
    assert len(found) == 0
