"""A layer of p-bits drawn at once: fields from a matrix product, one fused pass for the rest.

The p-bits of a layer are not coupled to each other, so that all of them may be drawn given their
fields. The word of unit j in chain c at step t is that of slot ``slot + j``, sweep t, read c of
purpose UPDATE: layer after layer is what a sequential sweep of the same network does, bit for bit
where float32 rounds the fields alike.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import float32, int64, njit, uint32, uint64

from pbit.kernels.jit import bare_kernel
from pbit.kernels.random.philox import UPDATE, tag
from pbit.kernels.random.philox_lanes import fill_slots
from pbit.kernels.vectors.float_bits import exp2, fma

BLOCK = 64  # slots whose words are made at once

_ZERO, _ONE, _HALF = float32(0.0), float32(1.0), float32(0.5)
_FROZEN = float32(-44.0)
_ALL = float32(4294967296.0)
_LOW = uint64(0xFFFFFFFF)


class Layer(NamedTuple):
    """What is drawn: fields without bias and spins, float32 (chains, units); bias float32 (units,).

    scales: float32 (chains,), 2 beta log2(e). held: uint8 (chains or 1, units), 1 where a spin
    stays; of no rows where none does.
    """

    fields: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]
    spins: npt.NDArray[np.float32]
    scales: npt.NDArray[np.float32]
    held: npt.NDArray[np.uint8]


class Place(NamedTuple):
    """Where in the random stream: the first unit's slot (a multiple of 4), step, first chain."""

    slot: int
    step: int
    chain: int


@njit(inline="always")
def _drawn(x: Any, word: Any) -> Any:
    """+1.0 iff u < sigma(2 beta f), with x = 2 beta f log2(e); see sweeps/single.heat_bath."""
    t = exp2(max(-abs(x), _FROZEN))
    up = x > _ZERO
    u = float32(uint32(~word) if up else word) + _HALF
    against = fma(u, t, u) < t * _ALL
    return _ONE if up != against else -_ONE


@bare_kernel
def draw_layer(layer: Layer, place: Place, keys: Any, words: Any, chains: Any) -> None:
    """Draw the spins of chains[0] <= chain < chains[1]; words: uint32 scratch (64,)."""
    units = layer.bias.size
    c1 = uint64(place.step) & _LOW
    c3 = tag(UPDATE, place.step, 0)
    rows = layer.held.shape[0]
    for chain in range(chains[0], chains[1]):
        fields, spins = layer.fields[chain], layer.spins[chain]
        scale = layer.scales[chain]
        read = int64((uint64(place.chain) + uint64(chain)) & _LOW)
        for first in range(0, units, BLOCK):
            slot4 = int64((place.slot + first) >> 2)
            fill_slots(words, int64(0), (slot4, int64(c1), read, int64(c3)), keys)
            count = min(BLOCK, units - first)
            if rows == 0:
                for j in range(count):
                    x = (fields[first + j] + layer.bias[first + j]) * scale
                    spins[first + j] = _drawn(x, words[j])
            else:
                held = layer.held[min(chain, rows - 1)]
                for j in range(count):
                    x = (fields[first + j] + layer.bias[first + j]) * scale
                    new = _drawn(x, words[j])
                    spins[first + j] = spins[first + j] if held[first + j] else new
