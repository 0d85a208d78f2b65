"""Swap: characters of a text replaced or dropped one by one, ten times as fast where the text is ASCII."""

from __future__ import annotations

from collections.abc import Mapping

FEW = 24  # characters beyond ASCII that are replaced one after the other


class Swap:
    """A table of replacements. swaps: character to what stands for it; None or "": nothing.

    >>> Swap({"-": " ", "'": None})("it's on-line")
    'its on line'
    """

    __slots__ = ("_beyond", "_drops", "_everywhere", "_plain")

    def __init__(self, swaps: Mapping[str, str | None]) -> None:
        self._everywhere = {ord(char): said or None for char, said in swaps.items()}
        self._beyond = [(char, said or "") for char, said in swaps.items() if not char.isascii()]
        ascii_only = {char: said for char, said in swaps.items() if char.isascii()}
        self._drops = "".join(char for char, said in ascii_only.items() if not said).encode()
        kept = {ord(char): said for char, said in ascii_only.items() if said}
        self._plain = bytes(ord(kept.get(code, chr(code))) for code in range(128)) + bytes(range(128, 256))

    def __call__(self, text: str) -> str:
        """The text with every one of them replaced."""
        if text.isascii():
            return text.encode().translate(self._plain, self._drops).decode()
        if len(self._beyond) > FEW:
            return text.translate(self._everywhere)
        said = text.encode().translate(self._plain, self._drops).decode()
        for char, instead in self._beyond:
            said = said.replace(char, instead)
        return said


def has_digit(text: str) -> bool:
    """Whether there is a digit, 0 to 9."""
    return count_digits(text) > 0


def count_digits(text: str) -> int:
    """How many digits, 0 to 9."""
    raw = text.encode()
    return len(raw) - len(raw.translate(None, b"0123456789"))
