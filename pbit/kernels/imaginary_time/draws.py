"""Random numbers of an update in imaginary time, one after the other."""

from __future__ import annotations

from typing import Any

from numba import int64, uint64

from pbit.kernels.imaginary_time.records import Draws
from pbit.kernels.jit import inner
from pbit.kernels.random.ars import random_words
from pbit.kernels.random.stream import tag

_LOW = uint64(0xFFFFFFFF)
_FINEST = 2.0**-32


@inner
def begin(draws: Any, purpose: Any, site: Any, sweep: Any) -> Any:
    """The same read's numbers for another purpose, site and sweep, from the first one on."""
    draws.used[0] = 0
    stream = (draws.read, draws.key0, draws.key1)
    return Draws(draws.words, draws.used, int64(purpose), site, sweep, *stream)


@inner
def uniform(draws: Any) -> Any:
    """The next number in (0, 1) of :class:`pbit.kernels.imaginary_time.records.Draws`."""
    used = draws.used[0]
    if used & 3 == 0:
        third = tag(draws.purpose, draws.sweep, used >> 2)
        second = uint64(draws.sweep) & _LOW
        key0, key1 = draws.key0, draws.key1
        a, b, c, d = random_words(uint64(draws.site), second, draws.read, third, key0, key1)
        draws.words[0] = a
        draws.words[1] = b
        draws.words[2] = c
        draws.words[3] = d
    draws.used[0] = used + 1
    return (draws.words[used & 3] + 0.5) * _FINEST
