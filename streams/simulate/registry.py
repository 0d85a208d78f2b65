"""The registry a deployer of this floor would have written."""

from collections.abc import Sequence
from typing import Any

from streams.simulate.arrivals import releases
from streams.simulate.effects import Window
from streams.simulate.floor import Agent, Tenant
from streams.simulate.settings import Simulation
from streams.simulate.when import holidays, hours_text


def registry(simulation: Simulation, tenants: Sequence[Tenant], windows: Sequence[Window]) -> dict[str, Any]:
    """What `registry.json` says: every agent, version and source that is meant to speak, planned ones too."""
    return {
        "tenants": {
            t.id: {
                "agents": [_agent(simulation, t, a, windows) for a in t.agents],
                "sources": sorted(t.sources.values()),
                "hours": hours_text(t.hours),
                "holidays": [day.isoformat() for day in holidays(t.hours, simulation)],
                "lateness_s": 120,
            }
            for t in tenants
        }
    }


def _agent(simulation: Simulation, tenant: Tenant, agent: Agent, windows: Sequence[Window]) -> dict[str, Any]:
    usual = [f"{agent.major}.{minor}" for minor in range(len(releases(simulation, tenant, agent.id)) + 1)]
    planned = [
        w.effect.version
        for w in windows
        if w.tenant == tenant.id and w.place.get("agent") == agent.id and w.effect.version and w.planned
    ]
    return {
        "id": agent.id,
        "kind": "ai",
        "queues": [q.id for q in tenant.queues if q.agent == agent.id],
        "versions": usual + planned,
        "models": [agent.model],
        "actions": [a.name for a in agent.actions],
        "data": sorted({d for a in agent.actions for d in a.data}),
        "limits": {a.name: a.limit for a in agent.actions if a.limit},
        "subject": "own",
        "instructions": agent.instructions,
        "canaries": [agent.canary] if agent.canary else [],
    }
