"""A spin at up to 64 times as the bits of a word, and products counted by them."""

from __future__ import annotations

import math
from typing import Any

from numba import int64, uint64

from pbit.kernels.jit import inner

GRID = 64
"""Most times at which states are looked at: bits of a word."""


@inner
def word_of(kinks: Any, start: Any, length: Any, times: Any) -> Any:
    """The spin at so many times from 0 on, evenly spaced, as bits: a kink turns all later ones."""
    bits = ~uint64(0) if start > 0 else uint64(0)
    k = 1 if kinks[0] == 0.0 else 0
    while kinks[k] < length:
        bits ^= later(kinks[k], length, times)
        k += 1
    return bits & mask(times)


@inner
def later(time: Any, length: Any, times: Any) -> Any:
    """Bits of the times from this one on, and higher ones."""
    first = int64(math.ceil(time * times / length))
    return ~uint64(0) << uint64(first) if first < times else uint64(0)


@inner
def mask(times: Any) -> Any:
    """The lowest so many bits."""
    return ~uint64(0) if times == GRID else (uint64(1) << uint64(times)) - uint64(1)


@inner
def ones(word: Any) -> Any:
    """Number of bits that are set."""
    w = word - ((word >> uint64(1)) & uint64(0x5555555555555555))
    w = (w & uint64(0x3333333333333333)) + ((w >> uint64(2)) & uint64(0x3333333333333333))
    w = (w + (w >> uint64(4))) & uint64(0x0F0F0F0F0F0F0F0F)
    return int64((w * uint64(0x0101010101010101)) >> uint64(56))


@inner
def sum_pairs(words: Any, times: Any, pairs: Any, products: Any) -> None:
    for k in range(products.size):
        apart = ones(words[pairs[0, k]] ^ words[pairs[1, k]])
        products[k] += 1.0 - 2.0 * apart / times


@inner
def sum_apart(words: Any, times: Any, levels: Any, apart: Any) -> None:
    """Products of each spin, and of the magnetisation, with itself so many grid times later."""
    all_bits = mask(times)
    for lag in range(apart.shape[1]):
        differ = 0
        for i in range(words.size):
            word = words[i]
            turned = word
            if lag:
                turned = ((word >> uint64(lag)) | (word << uint64(times - lag))) & all_bits
            differ += ones(word ^ turned)
        apart[0, lag] += 1.0 - 2.0 * differ / (times * words.size)
        for g in range(times - lag):
            apart[1, lag] += levels[g] * levels[g + lag] / times
        for g in range(times - lag, times):
            apart[1, lag] += levels[g] * levels[g + lag - times] / times
