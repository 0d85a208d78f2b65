from __future__ import annotations

from detectors.text.keyed import keyed_hash


def test_known_value_never_changes() -> None:
    """Hashes are kept in logs for months: another algorithm would part what belongs together."""
    assert keyed_hash(b"key", "shop", "r-81") == 16973489866929648993


def test_tenant_and_text_cannot_be_cut_differently() -> None:
    pairs = [
        ("a", "bc"),
        ("ab", "c"),
        ("abc", ""),
        ("", "abc"),
        ("a\0", "b"),
        ("a", "\0b"),
        ("1:a", "b"),
        ("1", ":ab"),
    ]
    assert len({keyed_hash(b"key", tenant, text) for tenant, text in pairs}) == len(pairs)


def test_lone_surrogates_are_hashed_too() -> None:
    assert keyed_hash(b"key", "\ud800", "\udfff") > 0
