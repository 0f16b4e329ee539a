"""One spread of diameters: barriers, time constants, gains and offsets of the same junctions."""

import numpy as np
import pytest
from scipy import stats

from pbit import Hardware, IsingModel, Schedule, anneal
from pbit.devices.mtj import Junction
from pbit.exact.continuous import PBits, exact_generator
from pbit.hardware.chip import Chip
from pbit.hardware.diameters import made_sizes
from pbit.hardware.from_junction import hardware_of_junction

JUNCTION = Junction(8.0, barrier_exponent=2.0, asymmetry=0.05)
SPREAD = 0.03
CHIP = hardware_of_junction(JUNCTION, diameter_spread=SPREAD, gain=1.3, seed=7)


def free(n):
    return IsingModel(np.zeros(n), np.zeros((n, n)))


def test_each_junction_is_one_of_its_diameter():
    """p-bit by p-bit the junction of barrier 8 (D/D0)^2 at the same voltage."""
    sizes, chip = made_sizes(CHIP, 50), Chip.of(CHIP, free(50))
    for i in range(50):
        own = Junction(8.0 * sizes.diameter[i] ** 2, barrier_exponent=2.0, asymmetry=0.05)
        assert chip.tau[i] * CHIP.tau_s == pytest.approx(own.tau_s)
        assert chip.arrays.rates.barriers[i] == pytest.approx(own.barrier)
        assert chip.gain[i] == pytest.approx(1.3 * own.barrier / 8.0)
        assert chip.offset[i] == pytest.approx(2 * own.barrier * 0.05)  # n Delta a


def test_moments_of_the_wafer():
    """10^5 junctions; normal ln D at a nominal alpha of 1e-8, all else from it."""
    sizes = made_sizes(CHIP, 100_000)
    ln_diameter = np.log(sizes.diameter)
    assert stats.kstest(ln_diameter / SPREAD, "norm").pvalue > 1e-8
    assert stats.kstest(ln_diameter / (1.1 * SPREAD), "norm").pvalue < 1e-8
    # <D^2> = exp(2 s^2), and its variance; 5 standard errors.
    mean, spread = np.exp(2 * SPREAD**2), np.exp(2 * SPREAD**2) * np.sqrt(np.expm1(4 * SPREAD**2))
    assert abs(sizes.area.mean() - mean) < 5 * spread / np.sqrt(1e5)
    ln_tau = np.log(sizes.tau)
    assert abs(ln_tau.mean() - 8 * (mean - 1)) < 5 * 8 * spread / np.sqrt(1e5)
    assert ln_tau.std() == pytest.approx(8 * spread, rel=0.02)
    assert np.corrcoef(ln_tau, sizes.area)[0, 1] == pytest.approx(1.0)
    assert np.median(sizes.tau) == pytest.approx(1.0, abs=0.02)


def test_a_junction_is_the_same_on_every_problem():
    few, many = made_sizes(CHIP, 3), made_sizes(CHIP, 100)
    assert all((a == b[:3]).all() for a, b in zip(few, many, strict=True))
    other = made_sizes(CHIP.with_values(seed=8), 3)
    assert (other.diameter != few.diameter).all()
    none = made_sizes(CHIP.with_values(diameter_spread=0.0), 3)
    assert all((each == 1).all() for each in none)


def test_other_spreads_come_on_top():
    chip = Chip.of(CHIP.with_values(tau_spread=0.5, gain_spread=0.2, offset_spread=0.1), free(9))
    alone = Chip.of(
        CHIP.with_values(diameter_spread=0.0, tau_spread=0.5, gain_spread=0.2, offset_spread=0.1),
        free(9),
    )
    sizes = made_sizes(CHIP, 9)
    np.testing.assert_allclose(chip.tau, alone.tau * sizes.tau)
    np.testing.assert_allclose(chip.gain, alone.gain * sizes.area)
    np.testing.assert_allclose(chip.offset - alone.offset, CHIP.offset * (sizes.area - 1))


def test_every_junction_has_the_law_of_its_barrier():
    """Junctions of exponent 2, pulled down, after one median tau, against the exact chains of two
    states of their barriers: 5 standard errors; the control takes the median's barrier for all."""
    from scipy.linalg import expm

    wide = hardware_of_junction(Junction(3.0, barrier_exponent=2.0), diameter_spread=0.15, seed=3)
    n, reads, h = 12, 65536, -1.5
    driven = IsingModel(np.full(n, h), np.zeros((n, n)))
    chip = Chip.of(wide, driven)
    spins = anneal(
        driven, Schedule([1.0]), num_reads=reads, seed=4, hardware=wide,
        initial_spins=np.ones((reads, n)),
    ).spins  # fmt: skip
    alone = IsingModel(np.array([h]), np.zeros((1, 1)))

    def off(i, barrier):
        pbits = PBits(
            gain=[chip.gain[i]], offset=[chip.offset[i]], tau=[chip.tau[i]], barrier=barrier,
            barrier_exponent=2.0,
        )  # fmt: skip
        up = expm(exact_generator(alone, 1.0, dynamics="arrhenius", pbits=pbits))[1, 1]
        return abs((spins[:, i] > 0).mean() - up) / np.sqrt(up * (1 - up) / reads)

    own = [off(i, float(chip.arrays.rates.barriers[i])) for i in range(n)]
    assert max(own) < 5
    assert max(off(i, 3.0) for i in range(n)) > 8


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "diameter_spread needs dynamics 'arrhenius' and a barrier"),
        ({"dynamics": "arrhenius"}, "diameter_spread needs dynamics 'arrhenius' and a barrier"),
        ({"dynamics": "arrhenius", "barrier": 20.0}, "diameter_spread must be <= 0.075 with a"),
    ],
)
def test_what_has_no_diameter(values, message):
    with pytest.raises(ValueError, match=message):
        Hardware(diameter_spread=0.1, **values)


def test_the_law_names_it():
    assert "diameters spread by 0.03" in CHIP.law
