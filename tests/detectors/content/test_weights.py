import pytest

from detectors.content.injection import shipped
from detectors.content.ngrams import BITS
from detectors.content.weights import dump, load


def test_what_is_dumped_is_loaded() -> None:
    found = load(dump("7", {"bias": -1.5}, {"b": [0.25], "a": [1.0, -0.5]}))
    assert (found.version, found.numbers, found.tables) == (
        "7",
        {"bias": -1.5},
        {"a": [1.0, -0.5], "b": [0.25]},
    )


@pytest.mark.parametrize("place", [0, 10, 30, -1])
def test_a_damaged_file_is_refused(place: int) -> None:
    data = bytearray(dump("7", {"bias": -1.5}, {"a": [1.0] * 20}))
    data[place] ^= 1
    with pytest.raises(ValueError, match="weights"):
        load(bytes(data))


def test_a_short_file_is_refused() -> None:
    with pytest.raises(ValueError, match="weights"):
        load(b"FWW1")


def test_the_shipped_weights_are_whole() -> None:
    assert {name: len(table) for name, table in shipped().tables.items()} == {
        "words": 1 << BITS,
        "chars": 1 << BITS,
    }
