"""Outcomes of a write that did not work: what there is to do about it."""

from __future__ import annotations


class Later(Exception):  # noqa: N818 - an outcome to act on, as the name says
    """Not now: try again. The message says why; after_s: what the server asked for; refused: whether somebody
    has to mend something first, such as a token."""

    def __init__(self, why: str, after_s: float = 0.0, *, refused: bool = False) -> None:
        super().__init__(why)
        self.after_s, self.refused = after_s, refused


class Wrong(Exception):  # noqa: N818 - as above
    """The batch was not taken, and never will be. dropped: how many of its points, where the rest was stored;
    None: all."""

    def __init__(self, why: str, dropped: int | None) -> None:
        super().__init__(why)
        self.dropped = dropped
