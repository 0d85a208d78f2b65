"""Digital: a pattern that needs a digit, 0 to 9. Most turns have none, and need no look at such patterns."""


class Digital(str):
    """The text of such a pattern."""

    __slots__ = ()
