"""What a script is made of; the texts themselves are in the `texts_` files.

Slots such as `{order}` are filled once per conversation: what the customer said is what the agent reads.
"""

from msgspec import Struct

Lines = tuple[str, ...]
"""Variants of one utterance."""


class Step(Struct, frozen=True):
    """The agent speaks (perhaps after a tool call), the customer replies."""

    ai: Lines
    customer: Lines
    act: str = ""
    """Action made before the agent speaks."""
    facts: Lines = ()
    """Passages the agent was given for this turn; its lines hold nothing that they do not."""
    wrong: Lines = ()
    """Claims that these passages do not support."""


class Intent(Struct, frozen=True):
    """What a customer wants, and how the talk goes when it goes well."""

    name: str
    opener: Lines
    steps: tuple[Step, ...]
    done: Lines
    """The agent's last words on a matter that is settled."""


class Hot(Struct, frozen=True):
    """One question many people have at once, with its right answer and a wrong one."""

    question: Lines
    passage: str
    right: str
    wrong: str
