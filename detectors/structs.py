"""Records by their options: what `Struct` takes as keywords, to inherit.

mypyc drops the keywords of a class, so a module that infra/compile.py lists names a base instead. `Leaf`: it
can be part of no cycle, and the collector of garbage need not look. `Array`: encoded as a row without names.
"""

from __future__ import annotations

from typing import Any, dataclass_transform

import msgspec
from msgspec import Struct

field: Any = msgspec.field
"""A default to be made. Untyped: a compiled class would look whether this is what it stands for."""


class Leaf(Struct, gc=False):
    """A record that is part of no cycle."""


class Array(Struct, array_like=True):
    """A record encoded without names."""


class ArrayLeaf(Struct, array_like=True, gc=False):
    """A leaf encoded without names."""


@dataclass_transform(frozen_default=True, field_specifiers=(msgspec.field,))
class Frozen(Struct, frozen=True):
    """A value."""


@dataclass_transform(frozen_default=True, field_specifiers=(msgspec.field,))
class FrozenLeaf(Struct, frozen=True, gc=False):
    """A value that is part of no cycle."""


@dataclass_transform(frozen_default=True, field_specifiers=(msgspec.field,))
class FrozenArray(Struct, frozen=True, array_like=True):
    """A value encoded without names."""


@dataclass_transform(frozen_default=True, field_specifiers=(msgspec.field,))
class FrozenArrayLeaf(Struct, frozen=True, array_like=True, gc=False):
    """A value that is a leaf and encoded without names."""
