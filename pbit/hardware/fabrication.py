"""A batch of devices: its name, and the seed that says which of them got what."""

from __future__ import annotations

from dataclasses import dataclass, field

from pbit.hardware.group import ParameterGroup
from pbit.hardware.ranges import check_line, ranged


@dataclass(frozen=True, kw_only=True)
class Fabrication(ParameterGroup):
    """What is drawn when devices are made: see :mod:`pbit.hardware.draws`.

    Parameters
    ----------
    name : str
    seed : int
        Of the fabrication, apart from the seed of a run.
    """

    name: str = field(default="ideal", metadata={"check": check_line})
    seed: int = ranged(
        0,
        "Draws which p-bit and synapse got what; not the seed of a run.",
        low=0,
        high=2**64 - 1,
        whole=True,
    )
