"""Arrays beside a matrix: fields and a constant, by the names that people give them.

Fields are called h, b, bias, biases, field or fields, a constant offset, const or constant, in any
case; in a file with a stack of k matrices each has its own (k, n) or (k,), or all have one.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from pbit.formats.contents import Floats
from pbit.formats.errors import FormatError
from pbit.formats.mat import Foreign
from pbit.formats.parts import Parts

_FIELDS = ("h", "b", "bias", "biases", "field", "fields")
_OFFSETS = ("offset", "const", "constant")
# What was found for a problem, by whomever, is no part of it.
_RESULTS = (
    "ground", "energy", "energies", "best", "optim", "opt_", "solution", "gs_", "runtime", "time",
)  # fmt: skip


class Beside(NamedTuple):
    """Fields, one a variable, a constant, and notes on where they come from."""

    fields: Floats
    offset: float
    notes: tuple[str, ...]


class Stack(NamedTuple):
    """Which matrix of a stack was chosen, None for the only one, and its number of variables."""

    position: int | None
    size: int


def beside_matrix(parts: Parts, stack: Stack) -> Beside:
    """Return what of the arrays belongs to a matrix; results of others are left out and noted.

    Raises
    ------
    FormatError
        Two arrays of one meaning, or one that is no vector of finite numbers for the variables.

    Examples
    --------
    >>> parts = Parts({"b": np.array([2.0, 1.0]), "offset": np.array(5.0)}, kind="array", name="a")
    >>> found = beside_matrix(parts, Stack(None, 2))
    >>> found.fields.tolist(), found.offset
    ([2.0, 1.0], 5.0)
    """
    fields, offset, notes = np.zeros(stack.size), 0.0, []
    found = _only(parts, _FIELDS)
    if found is not None:
        fields = _vector(parts, found, stack)
        notes += [f"fields from the array {found}"] if fields.any() else []
    found = _only(parts, _OFFSETS)
    if found is not None:
        offset = _number(parts, found, stack)
        notes += [f"the constant {offset:g} from the array {found}"] if offset else []
    parts.skip(lambda key: key.lower().startswith(_RESULTS), "results are no part of the problem")
    texts = [key for key, value in parts.found.items() if isinstance(value, Foreign) and value.text]
    parts.skip(texts, "text is no part of the problem")
    return Beside(fields, offset, tuple(notes))


def _only(parts: Parts, names: tuple[str, ...]) -> str | None:
    """Return the key among these names, which the refusal of others will list."""
    found = [key for key in parts.left if key.lower() in names]
    if len(found) > 1:
        raise FormatError(
            parts.name,
            None,
            f"arrays {found[0]} and {found[1]} mean the same beside a matrix; remove one of them",
        )
    parts.known.update(dict.fromkeys(names[:2]))
    return found[0] if found else None


def _vector(parts: Parts, key: str, stack: Stack) -> Floats:
    values = _real(parts, key)
    if stack.position is not None and values.ndim == 2 and 1 != values.shape[0] > stack.position:
        values = values[stack.position]
    if values.size != stack.size:
        raise _wrong(parts, key, f"{stack.size} numbers, one a variable")
    return values.ravel()


def _number(parts: Parts, key: str, stack: Stack) -> float:
    values = _real(parts, key).ravel()
    if stack.position is not None and values.size > max(1, stack.position):
        values = values[stack.position : stack.position + 1]
    if values.size != 1:
        raise _wrong(parts, key, "one number")
    return float(values[0])


def _real(parts: Parts, key: str) -> Floats:
    values: Any = parts.take(key)
    if not isinstance(values, np.ndarray) or values.dtype.kind not in "biuf":
        raise _wrong(parts, key, "an array of numbers")
    if not np.isfinite(values).all():
        raise FormatError(
            parts.name, None, f"{key} has nan or inf, expected finite numbers; correct it"
        )
    return values.astype(np.float64)


def _wrong(parts: Parts, key: str, expected: str) -> FormatError:
    value = parts.found[key]
    what = value.what if isinstance(value, Foreign) else f"shape {value.shape}"
    return FormatError(parts.name, None, f"{key} has {what}, expected {expected}")
