"""Statistical tests of random words: each takes uint32 words and returns one p-value.

Most are of NIST SP 800-22 (Rukhin et al., 2010), sections as given; birthday spacings are
Marsaglia's; periodogram and lags replace NIST's spectral test, whose reference law is known to be
off. p-values are two-sided: evidence that is too good counts as well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special, stats

Words = npt.NDArray[np.uint32]


def bits_of(words: Words) -> npt.NDArray[np.uint8]:
    """The bits of the words, highest first."""
    return np.unpackbits(words.astype(">u4").view(np.uint8))


def _two_sided(p: float) -> float:
    return float(min(1.0, 2 * min(p, 1 - p)))


def _normal(z: float) -> float:
    return float(special.erfc(abs(z) / np.sqrt(2)))


def _chi_square(counts: Any, law: Any) -> float:
    counts, law = np.asarray(counts, dtype=float), np.asarray(law, dtype=float)
    expected = law / law.sum() * counts.sum()
    statistic = ((counts - expected) ** 2 / expected).sum()
    freedom = counts.size - 1
    above, below = stats.chi2.sf(statistic, freedom), stats.chi2.cdf(statistic, freedom)
    return float(min(1.0, 2 * min(above, below)))


def monobit(words: Words) -> float:
    """Ones and zeros (2.1)."""
    bits = 32 * words.size
    return _normal((2.0 * np.bitwise_count(words).sum() - bits) / np.sqrt(bits))


def positions(words: Words) -> float:
    """Ones in each of the 32 places of a word."""
    ones = np.array([((words >> np.uint32(k)) & 1).sum() for k in range(32)])
    statistic = ((2.0 * ones - words.size) ** 2 / words.size).sum()
    return _two_sided(float(stats.chi2.sf(statistic, 32)))


def block_frequency(words: Words) -> float:
    """Ones in blocks of 1024 bits (2.2)."""
    blocks = np.bitwise_count(words[: words.size // 32 * 32]).reshape(-1, 32).sum(1, dtype=float)
    statistic = ((2 * blocks - 1024) ** 2 / 1024).sum()
    return _two_sided(float(stats.chi2.sf(statistic, blocks.size)))


def runs(words: Words) -> float:
    """Changes from bit to bit (2.3)."""
    bits = bits_of(words)
    changes = np.count_nonzero(bits[1:] != bits[:-1])
    return _normal((2.0 * changes - (bits.size - 1)) / np.sqrt(bits.size - 1))


def longest_run(words: Words) -> float:
    """Longest run of ones in blocks of 128 bits (2.4)."""
    bits = bits_of(words[: words.size // 4 * 4]).reshape(-1, 128)
    now, longest = np.zeros(len(bits), np.int16), np.zeros(len(bits), np.int16)
    for column in bits.T:
        now = (now + 1) * column
        np.maximum(longest, now, out=longest)
    counts = np.bincount(np.clip(longest, 4, 9) - 4, minlength=6)
    return _chi_square(counts, np.diff([_no_run(128, k) for k in (0, 5, 6, 7, 8, 9, 129)]))


def _no_run(length: int, k: int) -> float:
    """Probability that so many fair bits hold no k ones in a row."""
    if k == 0:
        return 0.0
    state = np.zeros(k)
    state[0] = 1.0
    for _ in range(length):
        state = 0.5 * np.concatenate([[state.sum()], state[:-1]])
    return float(state.sum())


def matrix_rank(words: Words) -> float:
    """Ranks of 32 x 32 matrices over GF(2), a word a row (2.5)."""
    rows = words[: words.size // 32 * 32].reshape(-1, 32).copy()
    count, every = len(rows), np.arange(32)
    rank = np.zeros(count, np.int64)
    for bit in range(32):
        column = (rows >> np.uint32(bit)) & 1
        free = column.astype(bool) & (every >= rank[:, None])
        has = free.any(axis=1)
        which = np.flatnonzero(has)
        pivot, target = free[which].argmax(axis=1), rank[which]
        chosen = rows[which, pivot].copy()
        rows[which, pivot] = rows[which, target]
        rows[which, target] = chosen
        below = ((rows[which] >> np.uint32(bit)) & 1).astype(bool) & (every > target[:, None])
        rows[which] ^= np.where(below, chosen[:, None], np.uint32(0))
        rank[which] += 1
    full = np.prod(1 - 0.5 ** np.arange(1, 33))
    law = [1 - 3 * full + full * 2.0**-30, 2 * full * (1 - 2.0**-32), full]
    law[0] = 1 - law[1] - law[2]
    return _chi_square(np.bincount(np.clip(rank, 30, 32) - 30, minlength=3), law)


def periodogram(words: Words) -> float:
    """Power at each of 512 frequencies, over blocks of 1024 bits: the most unlikely one."""
    bits = bits_of(words[: words.size // 32 * 32]).reshape(-1, 1024)
    power = np.zeros(513)
    for part in np.array_split(bits, max(1, len(bits) // 1024)):
        power += (np.abs(np.fft.rfft(2.0 * part - 1, axis=1)) ** 2).sum(axis=0)
    # Power of a block is 512 x chi-square with two degrees of freedom, nearly.
    sums = 2 * power[1:512] / 1024
    freedom = 2 * len(bits)
    return _least(np.minimum(stats.chi2.sf(sums, freedom), stats.chi2.cdf(sums, freedom)))


def _least(one_sided: Any) -> float:
    """p-value of the least of many one-sided p-values, each of two sides."""
    return float(min(1.0, 2 * np.size(one_sided) * np.min(one_sided)))


def lags(words: Words) -> float:
    """Bits that agree with those 1 to 64, 128, 256, 512 and 1024 words on."""
    tails = []
    for lag in [*range(1, 65), 128, 256, 512, 1024]:
        both = words[lag:] ^ words[:-lag]
        tails.append(0.5 * monobit(both))
    return _least(np.array(tails))


def places(words: Words) -> float:
    """Agreement of each place of a word with each place of the next word."""
    n = (words.size - 1) // 64 * 64
    signs = 2 * bits_of(words).reshape(-1, 32).astype(np.float32) - 1
    # Products of small matrices: BLAS starts threads for large ones, which disturb measurements.
    before = signs[:n].reshape(-1, 64, 32).transpose(0, 2, 1)
    sums = (before @ signs[1 : n + 1].reshape(-1, 64, 32)).sum(axis=0, dtype=np.float64)
    return _least(0.5 * special.erfc(np.abs(sums) / np.sqrt(2 * n)))


def serial(words: Words) -> float:
    """Overlapping patterns of 16 bits (2.11, first statistic)."""
    bits = bits_of(words)
    sums = [_pattern_sum(bits, m) for m in (16, 15)]
    return _two_sided(float(stats.chi2.sf(sums[0] - sums[1], 2**15)))


def _patterns(bits: Any, m: int) -> npt.NDArray[np.int64]:
    """How often each pattern of m bits occurs, the sequence closed to a ring."""
    ring = np.concatenate([bits, bits[: m - 1]]).astype(np.uint32)
    numbers = np.zeros(bits.size, np.uint32)
    for k in range(m):
        numbers = (numbers << np.uint32(1)) | ring[k : k + bits.size]
    return np.bincount(numbers, minlength=2**m)


def _pattern_sum(bits: Any, m: int) -> float:
    return float(2.0**m / bits.size * (_patterns(bits, m).astype(float) ** 2).sum() - bits.size)


def approximate_entropy(words: Words) -> float:
    """Patterns of 8 and 9 bits (2.12)."""
    bits = bits_of(words)
    entropies = []
    for m in (8, 9):
        shares = _patterns(bits, m) / bits.size
        entropies.append((special.xlogy(shares, shares)).sum())
    statistic = 2 * bits.size * (np.log(2) - (entropies[0] - entropies[1]))
    return _two_sided(float(stats.chi2.sf(statistic, 2**8)))


def cumulative_sums(words: Words) -> float:
    """Farthest excursion of the walk (2.13)."""
    walk = np.cumsum(2 * bits_of(words).astype(np.int32) - 1)
    z, n = float(np.abs(walk).max()), walk.size
    k = np.arange(-100, 101)
    near = stats.norm.cdf((4 * k + 1) * z / n**0.5) - stats.norm.cdf((4 * k - 1) * z / n**0.5)
    far = stats.norm.cdf((4 * k + 3) * z / n**0.5) - stats.norm.cdf((4 * k + 1) * z / n**0.5)
    return _two_sided(float(np.clip(1 - near.sum() + far.sum(), 0, 1)))


def birthday_spacings(words: Words) -> float:
    """Equal spacings of 4096 birthdays in a year of 2^32 days: a Poisson number of mean 4 each.

    Marsaglia, Tsang, J. Stat. Softw. 7(3), 1 (2002).
    """
    years = np.sort(words[: words.size // 4096 * 4096].reshape(-1, 4096), axis=1)
    spacings = np.sort(np.diff(years, axis=1), axis=1)
    equal = int(np.count_nonzero(spacings[:, 1:] == spacings[:, :-1]))
    mean = 4.0 * len(years)
    return _two_sided(float(min(stats.poisson.cdf(equal, mean), stats.poisson.sf(equal - 1, mean))))


TESTS: dict[str, Callable[[Words], float]] = {
    test.__name__: test
    for test in (
        monobit,
        positions,
        block_frequency,
        runs,
        longest_run,
        matrix_rank,
        periodogram,
        lags,
        places,
        serial,
        approximate_entropy,
        cumulative_sums,
        birthday_spacings,
    )
}
