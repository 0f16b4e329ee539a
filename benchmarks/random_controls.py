"""Bad streams that every battery must fail: a check of the checks."""

from __future__ import annotations

import numpy as np

from pbit.kernels.random.philox import FACTORS, UPDATE
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


def _philox_of_two_rounds(seed: int, first: int, count: int) -> Words:
    """The generator with 2 rounds instead of 10, read by read as the kernel "lanes" goes."""
    low, shift = np.uint64(0xFFFFFFFF), np.uint64(32)
    number = np.arange(first // 4, -(-(first + count) // 4), dtype=np.uint64)
    slot, c2 = np.divmod(number, np.uint64(READS))
    c0, c1, c3 = slot, np.zeros_like(slot), np.full_like(slot, UPDATE << 28)
    k0, k1 = np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32)
    for _ in range(2):
        p0, p1 = np.uint64(FACTORS[0]) * c0, np.uint64(FACTORS[1]) * c2
        c0, c1, c2, c3 = (p1 >> shift) ^ c1 ^ k0, p1 & low, (p0 >> shift) ^ c3 ^ k1, p0 & low
        k0, k1 = (k0 + np.uint64(0x9E3779B9)) & low, (k1 + np.uint64(0xBB67AE85)) & low
    return np.stack([c0, c1, c2, c3], 1).astype(np.uint32).ravel()[first % 4 :][:count]


def _shared_words(seed: int, first: int, count: int) -> Words:
    """Reads in pairs that get the same words."""
    position = np.arange(first, first + count)
    slot, read = position // READS, position % READS // 2
    return words_of(seed, slot, 0, read, UPDATE << 28)[:, 0]


CONTROLS: dict[str, Stream] = {
    "lcg": _power_series(1103515245, 12345, 32),
    "randu": _power_series(65539, 0, 31),
    "philox-2-rounds": _philox_of_two_rounds,
    "shared-reads": _shared_words,
}
