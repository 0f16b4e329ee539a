"""Sums over spins, one at a time, with tables in log space.

Arrays that all kernels share (C-contiguous; buckets as in ``pbit.exact.elimination_order``):

- ``h`` float64 (n,): bias of the spin of each bucket;
- ``starts`` int64 (n + 1,), ``weights`` float64 (starts[n],): couplings of that spin to the spins
  of its separator, zero where there is none;
- ``child_starts`` int64 (n + 1,), ``children`` int64: buckets whose table is taken in;
- ``masks`` int64 (n,): which spins of the parent's separator are in the bucket's own;
- ``where`` int64 (n,): first entry of the bucket's table in ``messages`` float64.

An entry of a table over spins t_0, t_1, ... has the number ``sum_k 2**k [t_k = +1]``. The first
spin of a separator is the parent's own, so that the parent reads entries in pairs.
Scratch for separators of up to w spins: ``table`` float64 (2**(w + 1),), ``fields`` float64
(2**w,), ``index`` int64 (2**w,).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pbit.kernels.jit import bare_kernel, inner


@inner
def _spread_index(index: Any, size: int, mask: int) -> None:
    """Number of a child's pair of entries for each state of the separator."""
    index[0] = 0
    step = 1
    for k in range(size):
        half = 1 << k
        add = step if (mask >> k) & 1 else 0
        for x in range(half):
            index[half + x] = index[x] + add
        if add:
            step *= 2


@inner
def _gather(
    bucket: int,
    h: Any,
    starts: Any,
    weights: Any,
    child_starts: Any,
    children: Any,
    masks: Any,
    where: Any,
    messages: Any,
    table: Any,
    fields: Any,
    index: Any,
) -> int:
    """Field on the bucket's spin and sum of the children's tables, for every separator state."""
    first = starts[bucket]
    size = starts[bucket + 1] - first
    fields[0] = h[bucket]
    for k in range(size):
        half = 1 << k
        for x in range(half):
            fields[half + x] = fields[x] + weights[first + k]
            fields[x] -= weights[first + k]
    total = 1 << size
    for x in range(2 * total):
        table[x] = 0.0
    for c in range(child_starts[bucket], child_starts[bucket + 1]):
        child = children[c]
        _spread_index(index, size, masks[child])
        slot = where[child]
        for x in range(total):
            table[2 * x] += messages[slot + 2 * index[x]]
            table[2 * x + 1] += messages[slot + 2 * index[x] + 1]
    return int(total)


@bare_kernel
def sum_out(
    begin: int,
    end: int,
    beta: float,
    h: Any,
    starts: Any,
    weights: Any,
    child_starts: Any,
    children: Any,
    masks: Any,
    where: Any,
    messages: Any,
    table: Any,
    fields: Any,
    index: Any,
    peaks: Any,
) -> None:
    """Buckets begin to end: ``ln sum_s exp(beta s F + table)``, less its largest, in ``peaks``."""
    for bucket in range(begin, end):
        total = _gather(
            bucket, h, starts, weights, child_starts, children, masks, where, messages,
            table, fields, index,
        )  # fmt: skip
        peak = -np.inf
        for x in range(total):
            low = table[2 * x] - beta * fields[x]
            high = table[2 * x + 1] + beta * fields[x]
            fields[x] = max(low, high) + np.log1p(np.exp(-abs(high - low)))
            peak = max(peak, fields[x])
        for x in range(total):
            messages[where[bucket] + x] = fields[x] - peak
        peaks[bucket] = peak


@bare_kernel
def max_out(
    begin: int,
    end: int,
    h: Any,
    starts: Any,
    weights: Any,
    child_starts: Any,
    children: Any,
    masks: Any,
    where: Any,
    messages: Any,
    table: Any,
    fields: Any,
    index: Any,
    choice_starts: Any,
    choices: Any,
) -> None:
    """Buckets begin to end: the larger of both spin values, and in a bit which one it is.

    ``choices`` uint8, zero: bit ``choice_starts[bucket] + x`` is set where +1 is as good or better.
    """
    for bucket in range(begin, end):
        total = _gather(
            bucket, h, starts, weights, child_starts, children, masks, where, messages,
            table, fields, index,
        )  # fmt: skip
        peak = -np.inf
        for x in range(total):
            low, high = table[2 * x] - fields[x], table[2 * x + 1] + fields[x]
            if high >= low:
                bit = choice_starts[bucket] + x
                choices[bit >> 3] |= np.uint8(1 << (bit & 7))
            fields[x] = max(low, high)
            peak = max(peak, fields[x])
        for x in range(total):
            messages[where[bucket] + x] = fields[x] - peak


@bare_kernel
def choose(starts: Any, separators: Any, choice_starts: Any, choices: Any, spins: Any) -> None:
    """Best value of the spin of each bucket, parents first; ``spins`` int8 (n,)."""
    for bucket in range(spins.size - 1, -1, -1):
        first = starts[bucket]
        bit = choice_starts[bucket]
        for k in range(starts[bucket + 1] - first):
            if spins[separators[first + k]] > 0:
                bit += 1 << k
        spins[bucket] = 1 if (choices[bit >> 3] >> (bit & 7)) & 1 else -1


@bare_kernel
def marginalise(
    begin: int,
    end: int,
    beta: float,
    h: Any,
    starts: Any,
    weights: Any,
    child_starts: Any,
    children: Any,
    masks: Any,
    where: Any,
    messages: Any,
    table: Any,
    fields: Any,
    index: Any,
    means: Any,
    products: Any,
) -> None:
    """Buckets end - 1 down to begin: mean of each spin and of its product with its separator's.

    ``messages[where[bucket]]`` holds the law of the separator, left there by the parent; the
    children's tables are replaced by the law of theirs. ``products`` float64 (starts[n],).
    """
    for bucket in range(end - 1, begin - 1, -1):
        total = _gather(
            bucket, h, starts, weights, child_starts, children, masks, where, messages,
            table, fields, index,
        )  # fmt: skip
        first, slot = starts[bucket], where[bucket]
        for x in range(total):
            law = messages[slot + x] if total > 1 else 1.0
            gap = table[2 * x + 1] - table[2 * x] + 2.0 * beta * fields[x]
            rare = np.exp(-abs(gap))
            likely = law / (1.0 + rare)
            table[2 * x] = likely if gap < 0 else likely * rare
            table[2 * x + 1] = likely * rare if gap < 0 else likely
            fields[x] = table[2 * x + 1] - table[2 * x]
        # Fold the highest spin away: the difference of the halves is a product, the sum goes on.
        for k in range(starts[bucket + 1] - first - 1, -1, -1):
            half = 1 << k
            product = 0.0
            for x in range(half):
                product += fields[half + x] - fields[x]
                fields[x] += fields[half + x]
            products[first + k] = product
        means[bucket] = fields[0]
        for c in range(child_starts[bucket], child_starts[bucket + 1]):
            child = children[c]
            _spread_index(index, starts[bucket + 1] - first, masks[child])
            slot = where[child]
            for x in range(1 << (starts[child + 1] - starts[child])):
                messages[slot + x] = 0.0
            for x in range(total):
                messages[slot + 2 * index[x]] += table[2 * x]
                messages[slot + 2 * index[x] + 1] += table[2 * x + 1]
