"""Every kind of alert has a page that is read at night: it is there, short, and begins with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from streams.records.alerts import Kind, runbook

ROOT = Path(__file__).parents[1]
KINDS: tuple[Kind, ...] = Kind.__args__  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_short_page(kind: Kind) -> None:
    text = (ROOT / runbook(kind)).read_text()
    assert text.startswith("# ")
    assert f"(`{kind}`)" in text.splitlines()[0]
    assert "## First\n\n1. " in text
    assert len(text.split()) <= 250, "what nobody reads at night helps nobody"


def test_no_page_is_of_no_kind() -> None:
    pages = {path.stem for path in (ROOT / "infra" / "runbooks").glob("*.md")}
    assert pages == set(KINDS)
