"""Parameters of synapse devices by name, those of a junction inside with a dot between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from difflib import get_close_matches
from typing import Any

from pbit.checks import integer, real
from pbit.devices.synapses.registry import synapse_kind
from pbit.devices.synapses.synapse import Synapse

_ANY = -(2**63)  # what a device takes it says itself


def values_of(device: Any, *, prefix: str = "") -> dict[str, Any]:
    """All parameters of a device by name, in its units.

    Examples
    --------
    >>> from pbit.devices.synapses import BinaryJunction
    >>> values_of(BinaryJunction())["junction.barrier"]
    40.0
    """
    found: dict[str, Any] = {}
    for field in fields(device):
        value = getattr(device, field.name)
        name = f"{prefix}{field.name}"
        found |= values_of(value, prefix=f"{name}.") if is_dataclass(value) else {name: value}
    return found


def synapse_of(name: str, values: Mapping[str, Any] | None = None) -> Synapse:
    """The device of a kind, some of its parameters changed.

    Parameters
    ----------
    name : str
        See :func:`pbit.devices.synapses.registry.synapse_kind`.
    values : mapping of str to number, optional
        By the names of :func:`values_of`; lists of numbers for those that are.

    Returns
    -------
    Synapse

    Raises
    ------
    TypeError, ValueError
        No such kind or parameter; a value that it cannot have.

    Examples
    --------
    >>> device = synapse_of("compound", {"num_junctions": 4, "element.junction.barrier": 60.0})
    >>> device.num_levels, device.element.junction.barrier
    (5, 60.0)
    """
    device = synapse_kind(name).device
    for key, value in (values or {}).items():
        device = _with_value(device, key.split("."), value, whole=key, root=device)
    return device


def _with_value(part: Any, path: list[str], value: Any, *, whole: str, root: Synapse) -> Any:
    first, *rest = path
    known = [field.name for field in fields(part)]
    if first not in known or is_dataclass(getattr(part, first)) != bool(rest):
        raise _unknown(whole, root)
    old = getattr(part, first)
    if rest:
        return replace(part, **{first: _with_value(old, rest, value, whole=whole, root=root)})
    return replace(part, **{first: _like(old, value, whole)})


def _like(old: Any, value: Any, name: str) -> Any:
    """The value as what the parameter is: a whole number, a number or several."""
    if isinstance(old, tuple):
        listed = value if isinstance(value, list | tuple) else [value]
        return tuple(real(name, each) for each in listed)
    if isinstance(old, int):
        return integer(name, value, _ANY)
    return real(name, value)


def _unknown(name: str, device: Synapse) -> ValueError:
    names = list(values_of(device))
    near = get_close_matches(name, names, n=1)
    remedy = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(names)}"
    return ValueError(f"a {type(device).__name__} has no parameter {name!r:.60}; {remedy}")
