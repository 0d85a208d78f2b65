"""Maintenance windows of the configuration: what they mean, by whose clock, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from streams.errors import ConfigError
from streams.load import Configuration, load
from streams.records.windows import zoned
from streams.windows import configured

REGISTRY = """
tenants:
  acme: {hours: Mon-Fri 07:00-21:00 Europe/Berlin}
  always: {}
"""
WINDOW = """
registry: registry.yaml
notify:
  windows:
    deploys:
      match: [tenant={tenant}]
      weekly: "{weekly}"
      until: 2027-01-01T00:00:00+01:00
      owner: jo
      reason: updates
"""


def loaded(folder: Path, tenant: str, weekly: str) -> Configuration:
    (folder / "registry.yaml").write_text(REGISTRY)
    (folder / "config.yaml").write_text(WINDOW.format(tenant=tenant, weekly=weekly))
    return load(str(folder / "config.yaml"), {})


def test_a_window_is_a_planned_silence_by_its_tenants_clock(tmp_path: Path) -> None:
    (window,) = configured(loaded(tmp_path, "acme", "Sun 02:00-04:00"))
    assert (window.id, window.author, window.reason) == ("window-deploys", "jo", "updates")
    assert window.planned
    assert window.matchers == ("tenant=acme",)
    assert window.weekly == "Sun 02:00-04:00 Europe/Berlin"
    assert (window.since, window.until) == (0, 1_798_758_000_000_000)


def test_a_zone_of_its_own_goes_before(tmp_path: Path) -> None:
    (window,) = configured(loaded(tmp_path, "acme", "Sun 02:00-04:00 Asia/Tokyo"))
    assert window.weekly == "Sun 02:00-04:00 Asia/Tokyo"


@pytest.mark.parametrize("tenant", ["always", "other"])
def test_without_any_zone_it_is_refused_by_name(tmp_path: Path, tenant: str) -> None:
    with pytest.raises(ConfigError, match=r"notify\.windows\.deploys\.weekly.*names no zone"):
        configured(loaded(tmp_path, tenant, "Sun 02:00-04:00"))


@pytest.mark.parametrize("matchers", [[], ["tenant=~a.*"], ["tenant=acme", "tenant=other"], ["kind=volume"]])
def test_only_one_tenant_by_its_name_has_a_clock(matchers: list[str], tmp_path: Path) -> None:
    registry = loaded(tmp_path, "acme", "").registry
    with pytest.raises(ValueError, match="names no zone"):
        zoned("Sun 02:00-04:00", matchers, registry)
