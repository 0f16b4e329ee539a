"""Figures of merit of learning curves, where they are known in closed form."""

import math

import numpy as np
import pytest

from pbit.devices.synapses import (
    BinaryJunction,
    CompoundJunction,
    CreepingWall,
    NotchedWall,
    PhaseBoundary,
    SpinOrbitMemristor,
    SynapseVariation,
    fit_nonlinearity,
    plasticity,
)

X = np.linspace(0, 1, 41)


@pytest.mark.parametrize("nu", [-6.0, -0.5, 1e-12, 0.5, 3.0, 20.0])
def test_fit_finds_what_was_put_in(nu):
    ideal = X if nu == 1e-12 else np.expm1(-nu * X) / np.expm1(-nu)
    found, misfit = fit_nonlinearity(1e-4 + 3e-5 * ideal)
    assert found == pytest.approx(nu, rel=1e-3, abs=1e-3)
    assert misfit < 1e-4
    down, _ = fit_nonlinearity(1e-4 - 3e-5 * ideal)
    assert down == pytest.approx(nu, rel=1e-3, abs=1e-3)


def test_a_flat_curve_has_no_nonlinearity():
    assert fit_nonlinearity(np.ones(5)) == (0.0, 0.0)
    curves = plasticity(NotchedWall(), pulses=3, devices=2, ramp=(0.0, 0.0), seed=1)
    assert (curves.symmetry_error, curves.noise, curves.dynamic_range) == (0.0, 0.0, 1.0)
    assert curves.levels == 1


def test_compound_junctions_are_exponential_and_as_noisy_as_their_number_says():
    """nu = -N ln(1 - p); a pulse moves M junctions by a binomial number each."""
    p, pulses, M = 0.1, 20, 9
    curves = plasticity(CompoundJunction(), pulses=pulses, devices=4000, seed=1)
    for up in (True, False):
        nu, misfit = curves.fit(up=up)
        assert nu == pytest.approx(-pulses * math.log(1 - p), rel=0.05)
        assert misfit < 0.01
    left = (1 - p) ** np.arange(pulses)
    # A junction switches in pulse n with left p: variance of one's change, over M; range 1 - left.
    variance = (left * p * (1 - left * p)).mean() / M
    assert curves.noise == pytest.approx(math.sqrt(variance) / (1 - (1 - p) ** pulses), rel=0.03)
    assert curves.dynamic_range == pytest.approx((1 + (1 - 0.9**pulses)) / 1, rel=0.01)


def test_devices_that_go_with_the_charge_are_straight_and_symmetric():
    for device, pulses in ((PhaseBoundary(), 20), (CreepingWall(), 50)):
        curves = plasticity(device, pulses=pulses, devices=2, seed=1)
        nu, misfit = curves.fit()
        assert abs(nu) < 0.05
        assert misfit < 0.005
        assert curves.symmetry_error < 0.01
        assert curves.noise == 0.0
        assert curves.levels == pulses + 1


def test_symmetry_error_of_mirrored_exponentials():
    """Steep at first both ways: the mean distance of the two curves, in closed form."""
    nu = 3.0
    rise = np.expm1(-nu * X) / np.expm1(-nu)
    curves = plasticity(NotchedWall(), pulses=40, devices=1, seed=1)
    made = type(curves)(curves.device, curves.amplitudes, 1 + rise[None], 2 - rise[None], 1)
    assert made.symmetry_error == pytest.approx(np.abs(rise - (1 - rise)[::-1]).mean(), rel=1e-12)
    assert made.dynamic_range == 2.0


def test_ramps_take_devices_with_thresholds_through_their_range():
    """Equal pulses move a Preisach device once; the rising ones of its ramp all the way."""
    equal = plasticity(SpinOrbitMemristor(), pulses=30, devices=50, ramp=(1.0, 1.0), seed=1)
    ramped = plasticity(SpinOrbitMemristor(), pulses=30, devices=50, seed=1)
    assert np.allclose(equal.up[:, 1:], equal.up[:, 1:2])
    assert ramped.range_S > 0.99e-4
    assert equal.range_S < 0.6e-4


def test_levels_are_those_that_one_reading_tells_apart():
    device = NotchedWall()
    assert plasticity(device, pulses=20, devices=20, seed=1).levels == 16
    spread = SynapseVariation(conductance_d2d=0.1)
    assert plasticity(device, pulses=20, devices=200, variation=spread, seed=1).levels < 6
    assert plasticity(BinaryJunction(), pulses=5, devices=200, seed=1).levels == 2


def test_seeds_and_refusals():
    same = [plasticity(CompoundJunction(), pulses=5, devices=5, seed=3) for _ in range(2)]
    assert same[0] == same[1]
    assert same[0].seed == 3
    assert same[0].up.shape == (5, 6)
    with pytest.raises(ValueError, match="pulses must be >= 1, got 0"):
        plasticity(CompoundJunction(), pulses=0)
    with pytest.raises(ValueError, match="ramp must be two numbers, got 1; first and last"):
        plasticity(CompoundJunction(), ramp=1)
    with pytest.raises(ValueError, match="amplitude must be finite, got nan"):
        plasticity(CompoundJunction(), ramp=(0.1, np.nan))
    with pytest.raises(ValueError, match="devices must be >= 1, got 0"):
        plasticity(CompoundJunction(), devices=0)
