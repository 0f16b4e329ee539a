"""Synapse devices by name."""

from __future__ import annotations

from pbit.checks import ArgumentError
from pbit.devices.synapses.kind import SynapseKind
from pbit.registry import Registry

KNOWN = Registry("pbit.devices.synapses", SynapseKind)


def synapse_kind(name: str) -> SynapseKind:
    """The kind of this name.

    Raises
    ------
    ValueError
        No such kind.

    Examples
    --------
    >>> synapse_kind("binary").device.num_levels
    2
    """
    found = KNOWN.find(name)
    if found is None:
        names = ", ".join(KNOWN.all())
        raise ArgumentError("name", f"must be one of {names}", name, remedy="pick one")
    return found
