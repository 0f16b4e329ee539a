"""Reservoirs of any kind side by side, driven by the same series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pbit.checks import ArgumentError
from pbit.networks.reservoir.protocol import Course, FloatArray, Reservoir
from pbit.seeds import seed_of


@dataclass(frozen=True)
class SideBySide:
    """The nodes of several reservoirs, in their order.

    Parameters
    ----------
    reservoirs : sequence of Reservoir

    Examples
    --------
    >>> from pbit.networks.reservoir import Delays, EchoState, states_of
    >>> both = SideBySide([Delays(num_delays=2), EchoState(num_nodes=3)])
    >>> states_of(both, [[0.5], [0.2]], seed=1).shape
    (2, 5)
    """

    reservoirs: Sequence[Reservoir]

    def __post_init__(self) -> None:
        if not len(self.reservoirs):
            raise ArgumentError("reservoirs", "must be one at least", self.reservoirs)

    def begin(
        self, num_inputs: int, *, num_series: int = 1, seed: int, first_series: int = 0
    ) -> SideCourse:
        """All of them at rest; each has a seed of its own."""
        return SideCourse(
            [
                each.begin(
                    num_inputs,
                    num_series=num_series,
                    seed=seed_of(seed, k),
                    first_series=first_series,
                )
                for k, each in enumerate(self.reservoirs)
            ]
        )


class SideCourse:
    """Reservoirs side by side on their way."""

    def __init__(self, courses: Sequence[Course]) -> None:
        self._courses = courses

    @property
    def num_nodes(self) -> int:
        """Nodes of all."""
        return sum(each.num_nodes for each in self._courses)

    def advance(self, drive: FloatArray) -> FloatArray:
        """Nodes of all; see :class:`pbit.networks.reservoir.protocol.Course`."""
        return np.concatenate([each.advance(drive) for each in self._courses], axis=2)
