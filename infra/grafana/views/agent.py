"""One agent, version beside version."""

from __future__ import annotations

from infra.grafana.panels import (
    OPENED,
    STILL,
    Json,
    banded,
    dashboard,
    incidents,
    lines,
    over_time,
    tags,
    target,
    variable,
)
from infra.grafana.views.shared import evidence_of


def agent() -> Json:
    """One agent and version, beside its other versions."""
    here = '"cut" = \'agent\' AND "agent" =~ /^$agent$/ AND "version" =~ /^$version$/'
    versions = '"cut" = \'agent\' AND "agent" =~ /^$agent$/'
    panels = [
        incidents("Its incidents", f'{OPENED} AND {STILL} AND "agent" =~ /^$agent$/', 5),
        banded("Handed to a person", "escalation", "percentunit", here, min=0),
        banded("Failed tool calls", "tool_error", "percentunit", here, min=0),
        banded("Signs of trouble", "trouble", "short", here, min=0),
        banded("The AI declines", "refusal", "percentunit", here, min=0),
        banded("Satisfaction", "csat", "percentunit", here, max=1),
        banded("Wait for an answer", "latency", "ms", here, people="exp", min=0),
        banded("Words in an answer", "length", "short", here, people="exp", min=0),
        banded("Sentiment", "sentiment", "short", here),
        _by_version("Handed to a person, version beside version", "escalation", versions),
        evidence_of("How close each version is to an alarm", versions, "version"),
    ]
    chosen = [
        variable("agent", "agent", tags("agent", where="\"cut\" = 'agent'")),
        variable("version", "version", tags("version", where='"cut" = \'agent\' AND "agent" =~ /^$agent$/')),
    ]
    return dashboard(
        "agent", "One agent and version, in the band of what its queues lead one to expect.", panels, chosen
    )


def _by_version(title: str, signal: str, where: str) -> Json:
    query = over_time(
        'SELECT sum("total") / sum("n")', "fw_signal", f"\"signal\" = '{signal}' AND {where}", "version"
    )
    says = "Versions that run at the same time are compared without season or traffic between them."
    return lines(title, [target(query, "$tag_version")], "percentunit", says=says, min=0, showPoints="always")
