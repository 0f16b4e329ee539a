"""The random stream: reference vectors of the generator and the counter layout."""

import numpy as np
import pytest

import naive
from pbit import IsingModel, Schedule, anneal
from pbit.kernels.random import numbers, stream

# Known answers of ARS with 10 rounds: Random123 distribution, tests/kat_vectors.
KNOWN = [
    ([0, 0, 0, 0], [0, 0, 0, 0], [0x8D73EE19, 0x506401EF, 0x13C2DBE4, 0x0CBE9C0D]),
    (
        [0xFFFFFFFF] * 4,
        [0xFFFFFFFF, 0xFFFFFFFF, 0, 0],
        [0xBB3743B1, 0x9F635551, 0xECBC87FC, 0xA19478A9],
    ),
    (
        [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
        [0xA4093822, 0x299F31D0, 0x082EFA98, 0xEC4E6C89],
        [0xA516E7D6, 0x8357AD74, 0x5B59B3EC, 0x8763FFF3],
    ),
]


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN)
def test_the_printed_algorithm_gives_the_known_answers(counter, key, expected):
    assert list(naive.ars(tuple(counter), tuple(key), rounds=10)) == expected


def test_compiled_generator_equals_the_printed_algorithm():
    rng = np.random.default_rng(1)
    counters = rng.integers(0, 2**32, (1000, 4), dtype=np.uint32)
    key = (0x12345678, 0x9ABCDEF0)
    expected = [naive.ars(tuple(map(int, c)), key) for c in counters]
    words = numbers.words(counters, seed=key[0] | key[1] << 32)
    assert np.array_equal(words, np.array(expected, dtype=np.uint32))


@pytest.mark.parametrize("seed", [0, 1, 2**32 + 5, 2**64 - 1])
def test_start_states_follow_layout_2(seed):
    free = IsingModel(np.zeros(9), np.zeros((9, 9)))
    spins = anneal(free, Schedule(np.empty(0)), num_reads=20, seed=seed).spins
    expected = [naive.start_spins(9, read, seed) for read in range(20)]
    assert stream.LAYOUT == 2
    assert np.array_equal(spins, expected)


def test_counters_of_different_purpose_never_meet():
    tags = {
        naive.PURPOSE[p] << 28 | (sweep >> 32 & 0xFFF) << 16
        for p in naive.PURPOSE
        for sweep in (0, 2**32, 2**43)
    }
    assert len(tags) == 3 * len(naive.PURPOSE)


def test_stored_stream_of_layout_2():
    """Golden values: if they change, raise LAYOUT and tell the CHANGELOG."""
    model = IsingModel.from_edges(range(11), range(1, 12), np.linspace(-1, 1, 11))
    reads = anneal(model, Schedule(np.full(5, 0.7)), num_reads=3, seed=2026, order="sequential")
    numbers = [int("".join("1" if s > 0 else "0" for s in row), 2) for row in reads.spins]
    assert numbers == GOLDEN
    assert reads.info["rng"] == "ars-7, layout 2"


GOLDEN = [3377, 1305, 2576]
