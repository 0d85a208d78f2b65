from __future__ import annotations

import pytest
from kafka import errors as kafka_errors

from streams import broker
from streams.broker import of_group


class NewBroker:
    """Finds the coordinator of a group only at the third time of asking."""

    def __init__(self) -> None:
        self.asked = 0

    def answer(self) -> str:
        self.asked += 1
        if self.asked < 3:
            raise kafka_errors.CoordinatorNotAvailableError
        return "offsets"


def test_a_broker_that_has_just_started_is_asked_again() -> None:
    assert of_group(NewBroker().answer) == "offsets"


def test_nobody_is_asked_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker, "COORDINATOR_S", -1.0)
    with pytest.raises(kafka_errors.CoordinatorNotAvailableError):
        of_group(NewBroker().answer)
