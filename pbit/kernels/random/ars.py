"""The generator: AES in counter mode, 7 rounds, its keys a Weyl sequence ("ARS-7").

Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011),
section 4.2. Their five rounds pass BigCrush; seven leave room.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import int64, njit, uint64
from numba.core import types
from numba.extending import intrinsic

from pbit.kernels.random.aes import round_of
from pbit.kernels.vectors.llvm import I32, I64, constant, constant_index, integer, load, vector

ROUNDS = 7
WEYL = (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)

_STEPS = np.array([[step * w & (2**64 - 1) for w in WEYL] for step in range(ROUNDS + 1)], np.uint64)


def ars(b: Any, states: list[Any], keys: Any) -> list[Any]:
    """Vectors of blocks of two 64-bit lanes, encrypted; ``keys``: pointer to the round keys."""
    pairs = [load(b, keys, integer(2 * step), lanes=2) for step in range(ROUNDS + 1)]
    return _encrypted(b, states, pairs)


def _encrypted(b: Any, states: list[Any], pairs: list[Any]) -> list[Any]:
    states = list(states)
    for step, pair in enumerate(pairs):
        for k, state in enumerate(states):
            lanes = state.type.count
            key = b.shuffle_vector(pair, pair, constant(I32, [0, 1] * (lanes // 2), lanes))
            if step == 0:
                states[k] = b.xor(state, key)
            else:
                states[k] = round_of(b, state, key, last=step == ROUNDS)
    return states


def pair_of(b: Any, low: Any, high: Any) -> Any:
    """A block of two 64-bit integers."""
    first = b.insert_element(ir.Constant(vector(I64, 2), ir.Undefined), low, constant_index(0))
    return b.insert_element(first, high, constant_index(1))


def block_of(b: Any, counters: list[Any]) -> Any:
    """A block of four counters, 64-bit integers below 2**32."""
    low, high = (b.or_(x, b.shl(y, integer(32))) for x, y in (counters[:2], counters[2:]))
    return pair_of(b, low, high)


def key_schedule(key0: Any, key1: Any) -> npt.NDArray[np.int64]:
    """The round keys of a seed's low and high word, int64 (16,), as :func:`ars` wants them."""
    keys = _STEPS.copy()
    keys[:, 0] += np.uint64(int(key0) | int(key1) << 32)
    return keys.reshape(-1).view(np.int64)


@njit
def round_keys(key0: Any, key1: Any) -> Any:
    """The same as :func:`key_schedule`, in compiled code."""
    keys = np.empty(2 * (ROUNDS + 1), np.int64)
    seed = uint64(key0) | uint64(key1) << uint64(32)
    for step in range(ROUNDS + 1):
        keys[2 * step] = int64(_STEPS[step, 0] + seed)
        keys[2 * step + 1] = int64(_STEPS[step, 1])
    return keys


@intrinsic  # type: ignore[untyped-decorator]
def random_words(typingctx: Any, c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> Any:
    """Four uint32 words of counter (c0..c3) under key (k0, k1); all arguments uint64 < 2**32."""

    def codegen(context: Any, b: Any, signature: Any, arguments: Any) -> Any:
        values = [
            context.cast(b, value, kind, types.uint64)
            for value, kind in zip(arguments, signature.args, strict=True)
        ]
        key = pair_of(b, b.or_(values[4], b.shl(values[5], integer(32))), integer(0))
        steps = [constant(I64, [int(x) for x in row], 2) for row in _STEPS]
        (state,) = _encrypted(b, [block_of(b, values[:4])], [b.add(key, step) for step in steps])
        words = b.bitcast(state, vector(I32, 4))
        parts = [b.extract_element(words, constant_index(k)) for k in range(4)]
        return context.make_tuple(b, signature.return_type, parts)

    integers = (types.Integer, types.Boolean)
    if not all(isinstance(each, integers) for each in (c0, c1, c2, c3, k0, k1)):
        return None
    words = types.UniTuple(types.uint32, 4)  # type: ignore[attr-defined]
    return words(c0, c1, c2, c3, k0, k1), codegen
