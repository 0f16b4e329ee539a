"""What moves of digits are drawn from, and whether they are taken.

Proposal k of a sweep has the four words of slots 4 k to 4 k + 3, purpose UPDATE, of
:mod:`pbit.kernels.random.stream`; the last of them decides.
"""

from __future__ import annotations

import math
from typing import Any

from numba import int64, uint64

from pbit.kernels.digits.family import METROPOLIS
from pbit.kernels.jit import merged
from pbit.kernels.random.ars import random_words
from pbit.kernels.random.stream import UPDATE, tag

_LOST = 60.0  # exp(-60), times any ratio of proposals, is below what a word resolves


@merged
def words_of(proposal: Any, sweep_number: Any, read: Any, k0: Any, k1: Any) -> Any:
    """The four uint32 words of a proposal."""
    low = uint64(0xFFFFFFFF)
    return random_words(
        uint64(proposal),
        uint64(sweep_number) & low,
        uint64(read) & low,
        tag(UPDATE, sweep_number, 0),
        uint64(k0),
        uint64(k1),
    )


@merged
def below(word: Any, count: Any) -> Any:
    """0 to count - 1, evenly but for count / 2^32."""
    return int64((uint64(word) * uint64(count)) >> uint64(32))


@merged
def is_taken(change: Any, ratio: Any, beta: Any, rule: Any, word: Any) -> Any:
    """Whether a move is accepted.

    ``ratio``: how often the way back is proposed, as a part of how often the way there is. With
    ``w = ratio exp(-beta change)`` the chance is w / (1 + w), or min(1, w) by Metropolis' rule.
    """
    rise = 0.0 if change == 0 else beta * change  # 0 at beta = inf, too
    if rise > _LOST:
        return False
    uniform = (word + 0.5) / 4294967296.0
    if rise < -_LOST:
        return True
    weight = ratio * math.exp(-rise)
    if rule == METROPOLIS:
        return uniform < weight
    return uniform * (1.0 + weight) < weight
