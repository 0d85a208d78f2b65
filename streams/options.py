"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

RegistryFile: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--registry",
        metavar="FILE",
        help="Who may do what, and when tenants are open (JSON or YAML); goes before the one that the "
        "configuration names. Without one, boundary and shadow_ai are off.",
    ),
]
ConfigFile: TypeAlias = Annotated[
    str | None,
    typer.Option("--config", metavar="FILE", help="Configuration (YAML). Defaults where it is silent."),
]
