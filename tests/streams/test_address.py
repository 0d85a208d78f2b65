from __future__ import annotations

import pytest

from streams.address import at
from streams.errors import ConfigError
from streams.load import load


def test_an_address_names_the_brokers_and_nothing_else() -> None:
    plain = load(None, {"FLOORWALKER_KAFKA__PREFIX": "x."})
    kafka = at("kafka://a:9092,b:9093/", plain).settings.kafka
    assert (kafka.bootstrap, kafka.prefix) == ("a:9092,b:9093", "x.")


@pytest.mark.parametrize(
    "address", ["kafka://", "kafka://host", "host:9092", "http://host:9092", "kafka://a:b"]
)
def test_what_is_no_address_is_said(address: str) -> None:
    with pytest.raises(ConfigError) as caught:
        at(address, load(None, {}))
    assert str(caught.value).startswith(f"{address}: ")
