"""Delayed inputs and their products: what a regression does without any reservoir."""

from __future__ import annotations

import functools
import itertools
import math
from dataclasses import dataclass

import numpy as np

from pbit.checks import integer
from pbit.networks.reservoir.kinds import ReservoirKind
from pbit.networks.reservoir.protocol import FloatArray


@dataclass(frozen=True, kw_only=True)
class Delays:
    """The last inputs, and all products of up to ``degree`` of them, in the place of nodes.

    With ``degree=2`` this is the nonlinear vector autoregression that reservoirs compete with.

    Parameters
    ----------
    num_delays : int
        Inputs that are seen, the present one among them.
    spacing : int
        Steps between two of them.
    degree : int
        1 or more.

    References
    ----------
    Gauthier, Bollt, Griffith, Barbosa, Nat. Commun. 12, 5564 (2021).

    Examples
    --------
    >>> from pbit.networks.reservoir import states_of
    >>> states_of(Delays(num_delays=2, degree=2), [[1.0], [2.0], [3.0]], seed=1)[2].tolist()
    [3.0, 2.0, 9.0, 6.0, 4.0]
    """

    num_delays: int = 10
    spacing: int = 1
    degree: int = 1

    def __post_init__(self) -> None:
        integer("num_delays", self.num_delays, 1)
        integer("spacing", self.spacing, 1)
        integer("degree", self.degree, 1, 8)

    def begin(
        self, num_inputs: int, *, num_series: int = 1, seed: int = 0, first_series: int = 0
    ) -> DelayCourse:
        """Nothing seen yet: zeros. There is nothing random in it."""
        return DelayCourse(self, num_inputs, num_series=num_series)


class DelayCourse:
    """Delayed inputs on their way."""

    def __init__(self, of: Delays, num_inputs: int, *, num_series: int) -> None:
        self._of = of
        self._past = np.zeros((num_series, (of.num_delays - 1) * of.spacing, num_inputs))
        count = of.num_delays * num_inputs
        self._products = [
            np.array(list(itertools.combinations_with_replacement(range(count), degree)))
            for degree in range(2, of.degree + 1)
        ]
        self._linear = count

    @property
    def num_nodes(self) -> int:
        """Delayed inputs and products."""
        return self._linear + sum(map(len, self._products))

    def advance(self, drive: FloatArray) -> FloatArray:
        """Inputs and products; see :class:`pbit.networks.reservoir.protocol.Course`."""
        steps, past = drive.shape[1], self._past.shape[1]
        seen = np.concatenate([self._past, drive], axis=1)
        self._past = seen[:, seen.shape[1] - past :]
        linear = np.concatenate(
            [
                seen[:, past - back : past - back + steps]
                for back in range(0, past + 1, self._of.spacing)
            ],
            axis=2,
        )
        products = [linear[:, :, which].prod(axis=3) for which in self._products]
        return np.concatenate([linear, *products], axis=2)


def _most_delays(num_nodes: int, num_inputs: int, degree: int) -> int:
    """As many as have no more inputs and products than this, one at least."""
    most = 1
    while math.comb((most + 1) * num_inputs + degree, degree) - 1 <= num_nodes:
        most += 1
    return most


def _draw(rng: np.random.Generator, num_nodes: int, num_inputs: int, *, degree: int) -> Delays:
    most = _most_delays(num_nodes, num_inputs, degree)
    count = int(rng.integers(min(2, most), most + 1))
    return Delays(num_delays=count, spacing=int(rng.integers(1, 5)), degree=degree)


LINEAR = ReservoirKind(
    name="linear",
    what="linear regression on delayed inputs, no more of them than nodes",
    draw=functools.partial(_draw, degree=1),
    is_baseline=True,
    rank=11,
)
QUADRATIC = ReservoirKind(
    name="quadratic",
    what="regression on delayed inputs and their products, no more than nodes",
    draw=functools.partial(_draw, degree=2),
    is_baseline=True,
    rank=12,
)
