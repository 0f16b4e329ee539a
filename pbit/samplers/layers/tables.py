"""Fields of layers on each other, from tables of the weights."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.kernels.layers.sums import CHAINS, STATES, WIDTH, add_up, tabulate
from pbit.models.layered import Float32Array, LayeredModel
from pbit.samplers.layers.rows import shared, spans

_ADD_NS, _TABLE_NS = 0.1, 0.2


class States(NamedTuple):
    """Spins of each layer, (chains, n_l), and the states of fours of them, uint8."""

    spins: list[Float32Array]
    codes: list[npt.NDArray[np.uint8]]


class Tables:
    """Tables of the weights between layers of these sizes, in both directions."""

    def __init__(self, sizes: Sequence[int]) -> None:
        self._up = [_room(below, above) for below, above in pairwise(sizes)]
        self._down = [_room(above, below) for below, above in pairwise(sizes)]

    def fill(self, model: LayeredModel) -> None:
        """Take the weights as they are at this moment."""
        for weight, up, down in zip(model.weights, self._up, self._down, strict=True):
            _tabulate(weight, up)
            _tabulate(np.ascontiguousarray(weight.T), down)

    def field(self, out: Float32Array, layer: int, states: States, rows: int) -> None:
        """``out`` = field on a layer of the first ``rows`` chains, padded, without its bias."""
        sides = []
        if layer:
            sides.append((states.codes[layer - 1], self._up[layer - 1]))
        if layer < len(self._down):
            sides.append((states.codes[layer + 1], self._down[layer]))
        for plus, (codes, table) in enumerate(sides):
            work_ns = padded(rows, CHAINS) * table.size / STATES * _ADD_NS
            work = partial(_add_up, out, codes, table, plus)
            shared(work, spans(padded(rows, CHAINS), work_ns, multiple=CHAINS))


def _add_up(
    out: Float32Array,
    codes: npt.NDArray[np.uint8],
    table: Float32Array,
    plus: int,
    span: tuple[int, int],
) -> None:
    add_up(out, codes, table, span, plus)


def padded(count: int, multiple: int) -> int:
    """The least multiple that is not below."""
    return -(-count // multiple) * multiple


def _room(spins: int, units: int) -> Float32Array:
    return np.zeros((-(-units // WIDTH), -(-spins // 4), STATES, WIDTH), np.float32)


def _tabulate(weights: Float32Array, table: Float32Array) -> None:
    def work(span: tuple[int, int]) -> None:
        tabulate(weights, table, span, np.empty((4, WIDTH), np.float32))

    shared(work, spans(len(table), table.size * _TABLE_NS))
