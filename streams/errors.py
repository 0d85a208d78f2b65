"""What an exception asks for. One class per action, not per place where something broke.

    Exception
    └── Stop              end the run: one line on standard error, exit with `code` (1: it failed)
        └── ConfigError   ... because of what the operator wrote: code 2; mend the file, key or option named

A bad *event* is no exception but a `Rejection`, a value: it goes to the dead letters and the stream goes on.
Anything that is not in this tree is a fault of the program.
"""

from __future__ import annotations


class Stop(Exception):  # noqa: N818 - it names what to do, not what went wrong
    """The run cannot go on. The message is one line, fit to be shown as it stands."""

    code = 1

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))


class ConfigError(Stop):
    """Configuration, registry or usage is wrong.

    where: file, line and key path (or the environment variable, or the option), for example
    `registry.yaml:12: tenants.A.hours`.

    >>> str(ConfigError("floorwalker.yaml:3: slot_s", "expected a number"))
    'floorwalker.yaml:3: slot_s: expected a number'
    """

    code = 2

    def __init__(self, where: str, message: str) -> None:
        super().__init__(f"{where}: {message}")
        self.where = where
