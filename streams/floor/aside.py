"""A parked tenant, read again: the part of its floor that stood still, over the same records of the log.

A floor is a function of its log, and a tenant's part of it depends on nothing of the others but how far time
has come, which is in every parcel. So from its last snapshot on, alone, it says what it would have said.
"""

from __future__ import annotations

from collections.abc import Callable

from streams.floor.floor import Floor
from streams.floor.kept import Parked
from streams.records.alerts import Alert
from streams.records.parcels import Entry
from streams.records.registry import Registry
from streams.settings import Settings


class Aside(Floor):
    """One parked tenant's floor: takes the records of its log from `Parked.position` on.

    seat: of the floor on which it is parked. The rest as of a floor.
    """

    def __init__(
        self, tenant: str, parked: Parked, seat: Callable[[str], str], settings: Settings,
        registry: Registry | None = None, *, idle_rule: bool = False, drawn: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(settings, registry, idle_rule=idle_rule, drawn=drawn)
        self._tenant, self._seat = tenant, seat
        self.restore(parked.state, parked.position)

    def seat(self, tenant: str) -> str:  # noqa: ARG002 - there is but one
        """The one tenant's."""
        return self._tenant

    def _hold(self, entry: Entry, before: int) -> list[Alert]:
        return super()._hold(entry, before) if self._seat(entry.fact.tenant) == self._tenant else []
