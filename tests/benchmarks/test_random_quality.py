"""The random words in the orders in which the kernels use them: a short statistical battery.

11 streams and 4 sets of spins out of real runs, 13 tests each, seeds fixed: at 1e-6 / 195 a test
the whole file fails a good generator once in 10^6, as far as the tests' asymptotic laws hold.
Power: the controls below, an LCG, RANDU, AES with 1 round and reads that share words, fail with
p < 1e-20. Longer runs, and other programs' batteries: ``benchmarks/random_quality.py``.
"""

import numpy as np
import pytest

import naive
from random_battery import TESTS, bits_of, matrix_rank
from random_controls import CONTROLS
from random_streams import STREAMS, from_kernels

WORDS = 1 << 16
RUNS = {"start": ("lanes", 0), "lanes": ("lanes", 2), "reads": ("reads", 2), "bits": ("bits", 2)}
ALPHA = 1e-6 / (len(TESTS) * (len(STREAMS) + len(RUNS)))
SEED = 20261120


def least_p(words):
    p_values = {name: test(words) for name, test in TESTS.items()}
    assert all(0 <= p <= 1 for p in p_values.values())
    return min((p, name) for name, p in p_values.items())


@pytest.mark.parametrize("name", STREAMS)
def test_stream(name):
    p, test = least_p(STREAMS[name](SEED, 0, WORDS))
    assert p > ALPHA, test


@pytest.mark.parametrize("run", RUNS)
def test_spins_of_real_runs(run):
    """A bit a spin: 64 sites of 32768 reads, site after site of one read, then the next."""
    kernel, sweeps = RUNS[run]
    words = from_kernels(kernel, SEED, sites=64, sweeps=sweeps, reads=32768)
    assert words.size == WORDS
    p, test = least_p(words)
    assert p > ALPHA, test


@pytest.mark.parametrize("name", CONTROLS)
def test_control_bad_streams_fail(name):
    p, _ = least_p(CONTROLS[name](SEED, 0, WORDS))
    assert p < 1e-20


@pytest.mark.parametrize("name", [*STREAMS, *CONTROLS])
def test_streams_may_be_read_in_parts(name):
    stream = {**STREAMS, **CONTROLS}[name]
    whole = stream(SEED, 0, 3000)
    assert whole.dtype == np.uint32
    for first, count in ((0, 1), (1, 7), (999, 1), (1000, 2000)):
        assert np.array_equal(stream(SEED, first, count), whole[first : first + count])


def test_streams_are_what_the_kernels_draw():
    """Against the slow references of the layout."""
    low = {name: stream(SEED, 0, 1024) for name, stream in STREAMS.items()}
    slots = [naive.word(SEED, slot, 0, 0, "update") for slot in range(16)]
    assert low["update-slots"][:16].tolist() == slots
    reads = [naive.word(SEED, slot, 0, read, "update") for read in range(4) for slot in range(4)]
    assert low["update-reads"][:16].tolist() == reads
    assert low["update-one-slot"][:4].tolist() == [
        naive.word(SEED, 5, 0, read, "update") for read in range(4)
    ]
    assert low["update-sweeps"][:4].tolist() == [
        naive.word(SEED, 0, sweep, 0, "update") for sweep in range(4)
    ]
    assert low["start-reads"][:4].tolist() == [
        naive.word(SEED, 0, 0, read, "start") for read in range(4)
    ]
    assert low["seeds"][:3].tolist() == [
        naive.word(SEED ^ change, 0, 0, 0, "update") for change in (0, 1, 2)
    ]
    assert low["bits-draws"][:130:43].tolist() == [
        naive.bitwise_uniform(SEED, k // 128, 0, k % 128) for k in range(0, 130, 43)
    ]
    top = [naive.bitwise_uniform(SEED, site, 0, 0) >> 31 for site in range(32)]
    assert low["bits-sites"][0] == sum(bit << k for k, bit in enumerate(top))


def test_start_spins_are_the_start_stream():
    spins = from_kernels("lanes", SEED, sites=32, sweeps=0, reads=64)
    words = STREAMS["start-reads"](SEED, 0, 512 * 32).reshape(32, 512)[:, :64]
    up = (words >> 31 == 0).astype(np.uint64)
    assert np.array_equal(spins, (up.T << np.arange(32, dtype=np.uint64)).sum(1))


def test_ranks_against_elimination_by_hand():
    """Matrices of known rank: the identity has 32, two equal rows one less."""
    identity = (np.uint32(1) << np.arange(32, dtype=np.uint32)).astype(np.uint32)
    twins = identity.copy()
    twins[5] = twins[9]
    assert matrix_rank(np.tile(identity, 100)) < 1e-50
    assert matrix_rank(np.concatenate([np.tile(identity, 289), np.tile(twins, 711)])) < 1e-3
    assert bits_of(np.array([1 << 31], np.uint32))[0] == 1
