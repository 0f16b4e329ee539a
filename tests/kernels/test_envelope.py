"""The envelope of driven oscillators: its plain form, fine integration, the law of its noise."""

import numpy as np
import pytest
from scipy import integrate, stats

from pbit.kernels.oscillators.envelope import Lanes, Plan, run_envelopes


def run(zetas, *, rate=0.4, damping=0.5, feedback=0.0, delay=0, noise=0.0, power=0.3, **plan):
    """Amplitudes (slots in all, lanes)."""
    states = np.array(zetas, dtype=np.float64)
    width = states.shape[1]
    lanes = Lanes(*(np.full(width, value) for value in (rate, damping, feedback, noise)))
    usual = {"slots": 6, "pieces": 1, "floor": 1e-12, "first_step": 0, "first_lane": 0}
    powers = np.full(width, power)
    history = np.full((delay, width), np.sqrt(power))
    run_envelopes(states, powers, history, lanes, Plan(**(usual | {"key0": 7, "key1": 3} | plan)))
    return states


def drawn(slots, lanes, seed=1):
    return np.random.default_rng(seed).uniform(0.2, 3.0, (slots, lanes))


def plain(zetas, *, rate=0.4, damping=0.5, feedback=0.0, delay=0, power=0.3):
    """The same in plain Python, by the formula with a and b."""
    found = np.empty_like(zetas)
    for lane in range(zetas.shape[1]):
        p = power
        for s in range(len(zetas)):
            zeta = zetas[s, lane]
            if delay:
                zeta += feedback * (found[s - delay, lane] if s >= delay else np.sqrt(power))
            a, b = rate / 2 * (zeta - 1), rate / 2 * (zeta + damping)
            grown = np.exp(2 * a)
            p = a * p * grown / (a + b * p * (grown - 1)) if a else p / (1 + 2 * b * p)
            found[s, lane] = np.sqrt(p)
    return found


@pytest.mark.parametrize(("delay", "feedback"), [(0, 0.0), (1, 0.5), (7, 0.4), (13, -0.8)])
def test_is_the_plain_form(delay, feedback):
    zetas = drawn(60, 5)
    found = run(zetas, delay=delay, feedback=feedback)
    np.testing.assert_allclose(
        found, plain(zetas, delay=delay, feedback=feedback), rtol=1e-12, atol=0
    )
    if delay:
        assert not np.allclose(found, plain(zetas, delay=delay, feedback=1.1 * feedback), rtol=1e-3)


def test_is_the_solution_of_the_equation_of_motion():
    """Runge and Kutta's method with a tolerance of 1e-12, slots of 0.5 relaxation times."""
    zetas = drawn(12, 1)
    p = 0.3
    for zeta, amplitude in zip(zetas[:, 0], run(zetas, rate=0.5)[:, 0], strict=True):
        p = integrate.solve_ivp(
            lambda _, p, z=zeta: p * ((z - 1) - (z + 0.5) * p),
            (0, 0.5), [p], method="DOP853", rtol=1e-12, atol=1e-15,
        ).y[0, -1]  # fmt: skip
        assert amplitude**2 == pytest.approx(p, rel=1e-9)


@pytest.mark.parametrize("off", [0.0, 1e-14, -1e-9, 1e-5, -1e-3, 0.87, -0.87, 1.8])
def test_nothing_is_lost_at_the_threshold(off):
    """Against the formula with expm1, from the threshold to where the exponent is rounded first."""
    x = 0.4 * off
    g = np.expm1(x) / x if x else 1.0
    expected = 0.3 * np.exp(x) / (1 + 0.4 * (1.5 + off) * 0.3 * g)
    assert run([[1 + off]])[0, 0] ** 2 == pytest.approx(expected, rel=1e-14)


def test_powers_stop_at_the_floor_and_come_back():
    zetas = np.concatenate([np.full((400, 1), -1.0), np.full((400, 1), 2.0)])
    found = run(zetas, floor=1e-6)
    assert found.min() == 1e-3
    assert found[-1, 0] == pytest.approx(np.sqrt(0.4), rel=1e-9)


# --- noise


def test_lanes_depend_on_their_number_alone():
    zetas = drawn(48, 9)
    whole = run(zetas, noise=0.05, pieces=3, delay=5, feedback=0.3)
    for first, last in ((0, 1), (3, 8), (8, 9)):
        part = run(
            zetas[:, first:last], noise=0.05, pieces=3, delay=5, feedback=0.3, first_lane=first
        )
        np.testing.assert_array_equal(part, whole[:, first:last])
    later = run(zetas, noise=0.05, pieces=3, delay=5, feedback=0.3, first_step=1)
    assert not np.array_equal(later, whole)


def cells_of(diffusion, zeta, damping, edges):
    """Chances by exp((a p - b p^2 / 2) / D), the stationary law of the power."""
    mean, spread = (zeta - 1) / (zeta + damping), np.sqrt(diffusion / (zeta + damping))
    law = stats.truncnorm(-mean / spread, np.inf, loc=mean, scale=spread)
    return np.diff(law.cdf(edges))


def test_noise_has_the_law_of_its_diffusion():
    """Chi-square of 16384 lanes after 16 relaxation times, false alarm 1e-6; a diffusion that is
    20 % too large is missed once in 1e9. Pieces of 0.02 relaxation times leave an
    error of the variance of 1 %, a tenth of what would be noticed."""
    zeta, damping, diffusion, piece = 1.6, 0.5, 0.04, 0.02
    zetas = np.full((16, 16384), zeta)
    found = run(
        zetas, rate=2 * piece * 25, damping=damping, noise=0.0, pieces=1, power=0.3
    )  # the same without noise ends at one power
    assert np.ptp(found[-1]) == 0
    noisy = run(
        zetas, rate=2 * piece, noise=np.sqrt(diffusion * piece), damping=damping, pieces=50,
        power=0.3, slots=16,
    )  # fmt: skip
    powers = noisy[-1] ** 2
    edges = np.array([0, 0.05, 0.12, 0.2, 0.28, 0.36, 0.45, 0.55, 0.7, np.inf])
    counts = np.histogram(powers, edges)[0]
    for times, fits in ((1.0, True), (1.2, False)):
        expected = len(powers) * cells_of(times * diffusion, zeta, damping, edges)
        assert expected.min() > 5
        assert (stats.chisquare(counts, expected).pvalue > 1e-6) == fits
