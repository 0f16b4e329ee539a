"""Bad streams that every battery must fail: a check of the checks."""

from __future__ import annotations

import numpy as np

from pbit.kernels.random.aes import SUBSTITUTES
from pbit.kernels.random.ars import key_schedule
from pbit.kernels.random.stream import UPDATE
from random_streams import READS, Stream, Words, words_of


def _power_series(factor: int, increment: int, bits: int) -> Stream:
    """Linear congruential generator modulo 2**bits, its words moved up to fill 32 bits."""

    def stream(seed: int, first: int, count: int) -> Words:
        mask = (1 << bits) - 1
        a, c, skip_a, skip_c, steps = factor, increment, 1, 0, first
        while steps:
            if steps & 1:
                skip_a, skip_c = skip_a * a & mask, (skip_c * a + c) & mask
            c, a, steps = (a + 1) * c & mask, a * a & mask, steps >> 1
        words = np.empty(count, np.uint64)
        words[0] = (skip_a * (2 * seed + 1) + skip_c) & mask
        done, a, c = 1, factor, increment
        while done < count:  # words k .. 2 k - 1 are a jump of k from words 0 .. k - 1
            more = min(done, count - done)
            words[done : done + more] = (words[:more] * np.uint64(a) + np.uint64(c)) & np.uint64(
                mask
            )
            c, a, done = (a + 1) * c & mask, a * a & mask, done + more
        return (words << np.uint64(32 - bits)).astype(np.uint32)

    return stream


def _one_round(seed: int, first: int, count: int) -> Words:
    """The generator with 1 round in place of 7, read by read as the kernel "lanes" goes."""
    number = np.arange(first // 4, -(-(first + count) // 4), dtype=np.uint64)
    slot, read = np.divmod(number, np.uint64(READS))
    words = np.stack([slot, np.zeros_like(slot), read, np.full_like(slot, UPDATE << 28)], 1)
    keys = key_schedule(seed & 0xFFFFFFFF, seed >> 32).view(np.uint8).reshape(-1, 16)
    state = words.astype("<u4").view(np.uint8) ^ keys[0]
    box, order = np.array(SUBSTITUTES, np.uint8), [5 * k % 16 for k in range(16)]
    mixed = np.ascontiguousarray(box[state[:, order]] ^ keys[1])
    return np.asarray(mixed.view("<u4").astype(np.uint32).ravel()[first % 4 :][:count])


def _shared_words(seed: int, first: int, count: int) -> Words:
    """Reads in pairs that get the same words."""
    position = np.arange(first, first + count)
    slot, read = position // READS, position % READS // 2
    return words_of(seed, slot, 0, read, UPDATE << 28)[:, 0]


CONTROLS: dict[str, Stream] = {
    "lcg": _power_series(1103515245, 12345, 32),
    "randu": _power_series(65539, 0, 31),
    "one-round": _one_round,
    "shared-reads": _shared_words,
}
