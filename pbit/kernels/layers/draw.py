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
from numba.core import cgutils, types
from numba.extending import intrinsic

from pbit.kernels.jit import bare_kernel
from pbit.kernels.random.stream import UPDATE, tag
from pbit.kernels.random.stream_lanes import fill_slots
from pbit.kernels.sweeps.lanes import LANES, heat_bath
from pbit.kernels.vectors.float_bits import exp2, fma
from pbit.kernels.vectors.llvm import F32, I8, constant, data_of, load, splat, store

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


def _lanes(is_masked: bool) -> Any:
    @intrinsic  # type: ignore[untyped-decorator]
    def draw(typingctx: Any, layer: Any, words: Any, where: Any, scale: Any) -> Any:
        """Draw 16 units; where = (first of them in fields, in spins, in bias, in words, in held).

        The arithmetic is that of :func:`_drawn`, operation by operation.
        """

        def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
            kinds = [*signature.args[0], signature.args[1]]
            arrays = [*cgutils.unpack_tuple(b, arguments[0], len(kinds) - 1), arguments[1]]
            fields, bias, spins, _, held, random = (
                data_of(context, b, kind, array) for kind, array in zip(kinds, arrays, strict=True)
            )
            field, spin, unit, word, mask = cgutils.unpack_tuple(b, arguments[2], 5)
            total = b.fadd(load(b, fields, field, lanes=LANES), load(b, bias, unit, lanes=LANES))
            x = b.fmul(total, splat(b, arguments[3], LANES))
            is_up = heat_bath(b, x, load(b, random, word, lanes=LANES), None)
            new = b.select(is_up, constant(F32, 1.0, LANES), constant(F32, -1.0, LANES))
            if is_masked:
                flags = load(b, held, mask, lanes=LANES)
                stays = b.icmp_signed("!=", flags, constant(I8, 0, LANES))
                new = b.select(stays, load(b, spins, spin, lanes=LANES), new)
            store(b, new, spins, spin)
            return context.get_dummy_value()

        return types.void(layer, words, where, scale), codegen

    return draw


_draw_lanes, _draw_masked_lanes = _lanes(False), _lanes(True)


@njit(inline="always")
def _draw_rest(layer: Any, words: Any, where: Any, scale: Any) -> None:
    """Draw units from ``where[0]`` to before ``where[1]`` of a chain one by one; ``where[2]`` is
    the chain, ``where[3]`` the unit of the first word."""
    first, last, chain, block = where
    rows = layer.held.shape[0]
    for j in range(first, last):
        if rows == 0 or not layer.held[min(chain, rows - 1), j]:
            x = (layer.fields[chain, j] + layer.bias[j]) * scale
            layer.spins[chain, j] = _drawn(x, words[j - block])


@bare_kernel
def draw_layer(layer: Layer, place: Place, keys: Any, words: Any, chains: Any) -> None:
    """Draw the spins of chains[0] <= chain < chains[1]; words: uint32 scratch (64,).

    All arrays are C-contiguous.
    """
    units = layer.bias.size
    c1 = uint64(place.step) & _LOW
    c3 = tag(UPDATE, place.step, 0)
    rows = layer.held.shape[0]
    for chain in range(chains[0], chains[1]):
        field, spin = chain * layer.fields.shape[1], chain * units
        mask = min(chain, rows - 1) * units
        scale = layer.scales[chain]
        read = int64((uint64(place.chain) + uint64(chain)) & _LOW)
        for block in range(0, units, BLOCK):
            slot4 = int64((place.slot + block) >> 2)
            fill_slots(words, int64(0), (slot4, int64(c1), read, int64(c3)), keys)
            last = min(block + BLOCK, units)
            whole = block + (last - block) // LANES * LANES
            for j in range(block, whole, LANES):
                where = (field + j, spin + j, j, j - block, mask + j)
                if rows == 0:
                    _draw_lanes(layer, words, where, scale)
                else:
                    _draw_masked_lanes(layer, words, where, scale)
            _draw_rest(layer, words, (whole, last, chain, block), scale)
