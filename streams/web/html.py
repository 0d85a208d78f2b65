"""HTML from plain values: everything is escaped where it becomes HTML, so that no name can be markup."""

from __future__ import annotations

from html import escape

VOID = frozenset({"input", "meta", "link", "br"})


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def tag(element: str, /, *inside: str, **attributes: str | bool) -> Html:
    """An element. Plain strings inside are escaped; an underscore at the end of an attribute falls away.

    >>> tag("p", "a < b", tag("b", "bold"), class_='x"y')
    '<p class="x&quot;y">a &lt; b<b>bold</b></p>'
    >>> tag("input", name="q", required=True, disabled=False)
    '<input name="q" required>'
    """
    named = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    written = "".join(
        f" {key}" if value is True else f' {key}="{escape(str(value))}"'
        for key, value in named.items()
        if value is not False
    )
    if element in VOID:
        return Html(f"<{element}{written}>")
    return Html(f"<{element}{written}>{joined(*inside)}</{element}>")


def joined(*parts: str) -> Html:
    """Parts one after the other."""
    return Html("".join(part if isinstance(part, Html) else visible(part) for part in parts))


def visible(text: str) -> str:
    """Escaped, with what cannot be printed replaced: no character turns the reading direction."""
    return escape("".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text))


def table(caption: str, heads: list[str], rows: list[list[str]]) -> Html:
    """A table that a screen reader can walk through. Without heads the first cell of a row heads it."""
    if not heads:
        named = [
            tag("tr", tag("th", head, scope="row"), *(tag("td", one) for one in rest)) for head, *rest in rows
        ]
        return tag("table", tag("caption", caption), tag("tbody", *named))
    top = tag("tr", *(tag("th", one, scope="col") for one in heads))
    body = [
        tag("tr", *(tag("td", one, data_head=head) for one, head in zip(row, heads, strict=True)))
        for row in rows
    ]  # on a telephone rows stand below each other, and each cell says what it is
    return tag("table", tag("caption", caption), tag("thead", top), tag("tbody", *body))
