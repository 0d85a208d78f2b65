"""What the dashboards promise without a server: kept as generated, provisioned, one meaning for each colour.

That queries find something: tests/integration/test_dashboards.py; that they can be read: `make real-grafana`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.grafana.dashboards import BOARDS_DIR, all_of_them, text_of
from infra.grafana.panels import NORMAL, OBSERVED, PAGE, TICKET, UNSEEN, WELL
from streams.records.links import PAGE as INCIDENT
from streams.settings import Influx
from streams.sinks.influx.sink import replays

PROVISIONING = Path(__file__).parents[1] / "infra" / "grafana" / "provisioning"
MEANINGS = {OBSERVED, NORMAL, PAGE, TICKET, WELL, UNSEEN, "transparent"}
NOT_PORTABLE = r"\b(SLIMIT|SOFFSET|HOLT_WINTERS|SAMPLE|CARDINALITY|SHOW SERIES|SHOW DATABASES|INTO)\b"
each = pytest.mark.parametrize("board", all_of_them().values(), ids=all_of_them().keys())


def found(node: Any, key: str) -> Iterator[Any]:
    """Every value under this key, however deep."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name == key:
                yield value
            yield from found(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from found(value, key)


def test_what_is_kept_is_what_the_code_says() -> None:
    """To renew: `python -m infra.grafana.dashboards`."""
    made = {name: text_of(board) for name, board in all_of_them().items()}
    assert {path.name: path.read_text() for path in BOARDS_DIR.iterdir()} == made
    assert {board["uid"] for board in map(json.loads, made.values())} == {
        f"floorwalker-{name}" for name in ("overview", "agent", "feedback", "content", "incident", "monitor")
    }


@each
def test_a_colour_has_one_meaning(board: dict[str, Any]) -> None:
    used = {*found(board, "fixedColor"), *found(board, "iconColor")}
    used |= {step["color"] for steps in found(board, "steps") for step in steps}
    used |= {
        value["color"]
        for options in found(board, "mappings")
        for m in options
        for value in m["options"].values()
    }
    assert used <= MEANINGS


@each
def test_panels_do_not_overlap_and_each_says_what_it_is(board: dict[str, Any]) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        place = panel["gridPos"]
        cells = {(place["x"] + i, place["y"] + j) for i in range(place["w"]) for j in range(place["h"])}
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells
        assert panel["title"]
        assert panel["targets"]
        if panel["type"] in ("timeseries", "stat"):
            assert panel["fieldConfig"]["defaults"]["unit"]
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])


@each
def test_annotations_are_asked_for_by_pages(board: dict[str, Any]) -> None:
    """Without fromAnnotations nothing appears, and nothing is said."""
    for mark in board["annotations"]["list"]:
        assert mark["target"]["fromAnnotations"] is True
        assert mark["target"]["name"] == mark["name"]
        assert mark["target"]["textColumn"] == "note"  # the one that is escaped for HTML


@each
def test_queries_are_influxql_that_all_versions_speak_and_are_of_one_run(board: dict[str, Any]) -> None:
    for query in [*found(board["panels"], "query"), *found(board["annotations"], "query")]:
        assert not re.search(NOT_PORTABLE, query), query
        assert '"run" =~ /^$run$/' in query


@each
def test_nobody_edits_them_by_hand(board: dict[str, Any]) -> None:
    assert board["editable"] is False
    assert board["timezone"] == "utc"


def test_links_of_alerts_lead_to_a_dashboard_that_takes_their_variables() -> None:
    board = all_of_them()["floorwalker-incident.json"]
    assert INCIDENT.split("/")[2] == board["uid"]
    names = {variable["name"] for variable in board["templating"]["list"]}
    assert {"incident", "tenant", "signal", "cut", "queue", "agent", "version"} <= names
    tables = [
        panel for panel in all_of_them()["floorwalker-overview.json"]["panels"] if panel["type"] == "table"
    ]
    urls = [
        link["url"]
        for links in found(tables, "value")
        if isinstance(links, list)
        for link in links
        if "url" in link
    ]
    assert len(urls) == len(tables) == 2
    assert all("panel:raw" in url and "var-source=" in url for url in urls)


def test_data_sources_are_those_that_init_makes() -> None:
    sources = yaml.safe_load((PROVISIONING / "datasources" / "floorwalker.yaml").read_text())["datasources"]
    name = Influx().database
    databases = [name, f"{name}_hourly", replays(name)]
    assert [source["database"] for source in sources] == databases  # what Grafana's server reads
    assert [source["jsonData"]["dbName"] for source in sources] == databases  # what its pages read
    assert [source["isDefault"] for source in sources] == [True, False, False]
    assert all(source["secureJsonData"]["httpHeaderValue1"] == "Token $INFLUX_TOKEN" for source in sources)
