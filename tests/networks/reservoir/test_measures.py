"""Memory, parity, processing capacity, rank: exact on registers and linear systems."""

from dataclasses import dataclass

import numpy as np
import pytest

from pbit.networks.reservoir import Delays, EchoState, OscillatorReservoir, SideBySide
from pbit.networks.reservoir.delays import LINEAR
from pbit.networks.reservoir.measures import (
    information_processing_capacity,
    memory_curves,
    parity_capacity,
    ranks,
    short_term_memory,
)
from pbit.networks.reservoir.tuning import best_setting


@dataclass(frozen=True)
class Deaf:
    """Nodes that are noise, whatever drives them."""

    num_nodes: int = 15

    def begin(self, num_inputs, *, num_series=1, seed, first_series=0):
        return DeafCourse(self.num_nodes, np.random.default_rng(seed))


class DeafCourse:
    def __init__(self, num_nodes, rng):
        self.num_nodes, self.rng = num_nodes, rng

    def advance(self, drive):
        return self.rng.normal(size=(*drive.shape[:2], self.num_nodes))


def test_a_register_of_d_bits_remembers_d():
    """Delays 0 to d are told exactly: a capacity of d, that of delay 0 left out."""
    for d in (1, 5, 12):
        found = short_term_memory(Delays(num_delays=d + 1), delays=d, seed=1)
        np.testing.assert_allclose(found.r2, 1, rtol=1e-9)
        assert found.capacity == pytest.approx(d, rel=1e-9)


def test_parity_of_two_bits_is_a_product():
    """Exact by products of two delays; three bits are beyond them, and linear delays find none."""
    memory, parity = memory_curves(Delays(num_delays=6, degree=2), delays=5, seed=1)
    np.testing.assert_allclose(parity.r2[:2], 1, rtol=1e-9)
    assert parity.r2[2:].max() < 0.05 and memory.capacity == pytest.approx(5, rel=1e-6)
    linear = parity_capacity(Delays(num_delays=6), delays=5, seed=1)
    assert linear.r2[0] == pytest.approx(1) and linear.capacity < 0.1


def test_a_register_has_its_length_and_no_more():
    found = information_processing_capacity(Delays(num_delays=7), steps=3000, seed=1)
    assert found.total == pytest.approx(7, rel=1e-9) == found.linear
    assert sorted(found.terms) == [((d, 1),) for d in range(7)]
    assert found.rank == 7


def test_products_have_capacity_of_their_degree():
    """Squares of a delayed input are its second polynomial: 4 linear and 10 quadratic functions."""
    found = information_processing_capacity(
        Delays(num_delays=4, degree=2), delays=(8, 8, 3), steps=6000, seed=1
    )
    np.testing.assert_allclose(found.by_degree, [4, 10], rtol=1e-6)
    assert found.total == pytest.approx(14) and found.rank == 14


def test_a_linear_system_has_its_rank():
    """All of a noiseless linear network of 12 is memory, 12 steps of it or more: within 1 %, what
    the cut may take away and what 20,000 steps leave of functions that are not orthogonal."""
    network = EchoState(num_nodes=12, linear=True, bias=0.0, spectral_radius=0.8)
    found = information_processing_capacity(network, delays=(60, 6), steps=20_000, seed=1)
    assert found.rank == 12
    assert found.total == pytest.approx(12, rel=0.01) == found.linear


@pytest.mark.parametrize(
    "reservoir", [EchoState(num_nodes=15), OscillatorReservoir(num_virtual=15)]
)
def test_no_more_than_nodes(reservoir):
    """Within 2 %, the sampling error of 4000 steps."""
    found = information_processing_capacity(reservoir, delays=(40, 12, 6, 4), steps=4000, seed=2)
    assert found.rank == 15 and 4 < found.total < 15 * 1.02
    assert found.values.min() > found.cut and (found.values <= 1 + 1e-9).all()


def test_noise_has_no_capacity():
    """Three runs of 797 functions: one of a thousand runs shows one. An input among the noise is
    found, and nothing else."""
    delays = (40, 20, 12, 4)
    found = [
        information_processing_capacity(Deaf(), delays=delays, steps=1000, seed=seed)
        for seed in range(3)
    ]
    assert [each.total for each in found] == [0.0] * 3
    assert found[0].tried == 41 + 231 + 455 + 70
    both = SideBySide([Deaf(), Delays(num_delays=1)])
    told = information_processing_capacity(both, delays=delays, steps=1000, seed=1)
    assert told.terms == (((0, 1),),) and told.total == pytest.approx(1)


def test_ranks_of_registers():
    assert ranks(Delays(num_delays=9), common=9, seed=1).generalisation == 1
    found = ranks(Delays(num_delays=9), common=3, num_series=30, seed=1)
    assert (found.kernel, found.generalisation, found.nodes) == (9, 7, 9)


def test_the_best_setting_is_that_of_the_largest_score():
    best = best_setting(
        LINEAR, lambda each: -abs(each.num_delays - 6), num_nodes=20, tries=50, seed=1
    )
    assert best.num_delays == 6


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: memory_curves(Delays(), delays=0), "delays must be >= 1"),
        (
            lambda: information_processing_capacity(Delays(), chance=1.0),
            "chance must be > 0 and < 1",
        ),
        (
            lambda: information_processing_capacity(Delays(), delays=()),
            "delays must have an entry for each degree",
        ),
        (
            lambda: information_processing_capacity(Delays(), delays=(1, 2000)),
            "give 10^6 functions at most",
        ),
        (lambda: ranks(Delays(), common=101), "common must be <= 100"),
        (lambda: ranks(Delays(), tolerance=0.0), "tolerance must be a number > 0"),
    ],
)
def test_refusals(act, message):
    with pytest.raises(ValueError) as caught:
        act()
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "act",
    [
        lambda: memory_curves(Delays(), delays=10**6),
        lambda: information_processing_capacity(Delays(), steps=10**10),
        lambda: ranks(Delays(), num_series=10**6, steps=10**6),
    ],
)
def test_what_does_not_fit_is_refused(act):
    with pytest.raises(MemoryError, match="states and what is wanted of them need about"):
        act()
