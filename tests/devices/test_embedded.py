"""The 1T-1MTJ p-bit: transfer curves by law, by quadrature and by draws."""

import math

import numpy as np
import pytest
from scipy.integrate import quad

from pbit.devices.embedded import EmbeddedPBit
from pbit.devices.laws.conduction import resistance_ohm
from pbit.devices.laws.orientation import Binary, Perpendicular, Planar
from pbit.devices.mtj import Junction
from pbit.statistics import binomial_p_values

JUNCTION = Junction(8.0, resistance_P_ohm=4e3, tmr=1.2)
LAWS = {"binary": Binary(0.3), "planar": Planar(), "perpendicular": Perpendicular()}
INPUTS = np.linspace(-0.04, 0.04, 21)


def made(law, **options):
    """A p-bit of this law; its read current pins all magnets but those in the plane, told so."""
    if isinstance(law, Planar):
        return EmbeddedPBit(JUNCTION, law, **options)
    with pytest.warns(UserWarning, match="the read current of [0-9.]+ uA pins the magnet"):
        return EmbeddedPBit(JUNCTION, law, **options)


def test_divider_is_equation_three():
    pbit = EmbeddedPBit(JUNCTION, supply_V=1.0, slope_V=0.05, centre_ohm=6e3)
    for v in (-0.03, 0.0, 0.05):
        for c in (-1, 0.3, 1):
            T, M = 6e3 * math.exp(-v / 0.05), float(resistance_ohm(JUNCTION, c))
            assert float(pbit.node_V(v, c)) == pytest.approx(0.5 * (T - M) / (T + M))
            assert float(pbit.output(v, c)) == (1.0 if T < M else -1.0)
            assert float(pbit.current_A(v, c)) == pytest.approx(1.0 / (T + M))


def test_binary_junction_has_a_plateau():
    """Between the two resistances the mean is that of the junction, reversed; beyond, certain."""
    pbit = made(Binary(0.3))
    low, high = pbit.range_V
    means = pbit.transfer([low - 1e-6, low + 1e-6, 0.0, high - 1e-6, high + 1e-6])
    assert np.allclose(means, [-1.0, -0.3, -0.3, -0.3, 1.0])


def test_planar_magnet_is_an_arc():
    """<V_out> = 2 F(c*) - 1 with the arcsine law, at the c* of equal resistances."""
    pbit = EmbeddedPBit(JUNCTION, slope_V=0.03)
    for v in (-0.012, -0.004, 0.0, 0.006):
        ratio = 2 * 4e3 * 2.2 / float(pbit.transistor_ohm(v))
        c = (ratio - 2) / 1.2 - 1
        assert float(resistance_ohm(JUNCTION, c)) == pytest.approx(float(pbit.transistor_ohm(v)))
        assert float(pbit.transfer([v])[0]) == pytest.approx(1 - 2 * math.acos(c) / math.pi)
        uniform = made(Perpendicular(), slope_V=0.03)
        assert float(uniform.transfer([v])[0]) == pytest.approx(c)


@pytest.mark.parametrize("gain", [math.inf, 20.0])
@pytest.mark.parametrize("name", LAWS)
def test_curves_rise_from_minus_one_to_one(name, gain):
    pbit = made(LAWS[name], gain=gain)
    means = pbit.transfer(np.linspace(-0.5, 0.5, 201))
    assert (np.diff(means) >= 0).all()
    assert means[0] == pytest.approx(-1) and means[-1] == pytest.approx(1)
    if name != "binary" and math.isinf(gain):
        assert float(pbit.transfer([0.0])[0]) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("name", ["planar", "perpendicular"])
def test_finite_gain_by_quadrature(name):
    pbit = made(LAWS[name], gain=8.0)
    for v in (-0.02, 0.0, 0.01):
        exact = quad(lambda u, v=v: float(pbit.output(v, LAWS[name].quantile(u))), 0, 1)[0]
        assert float(pbit.transfer([v])[0]) == pytest.approx(exact, abs=1e-6)
    steep = made(LAWS[name], gain=1e5)
    ideal = made(LAWS[name])
    assert np.abs(steep.transfer(INPUTS) - ideal.transfer(INPUTS)).max() < 2e-3


@pytest.mark.parametrize("name", LAWS)
def test_draws_follow_the_transfer_curve(name):
    """Binomial tests at 1e-6 for all curves and inputs together; the control moves the centre."""
    alpha = 1e-6 / (len(LAWS) * INPUTS.size)
    pbit = made(LAWS[name])
    samples = 20_000
    means = pbit.sampled_transfer(INPUTS, num_samples=samples, seed=2)
    ups = np.rint((means + 1) / 2 * samples)

    def smallest(model):
        return binomial_p_values(ups, samples, (model.transfer(INPUTS) + 1) / 2).min()

    assert smallest(pbit) > alpha
    assert smallest(made(LAWS[name], centre_ohm=6e3)) < alpha
    again = pbit.sampled_transfer(INPUTS[:3], num_samples=samples, seed=2)
    assert (again == means[:3]).all()  # an input's draws do not depend on how many follow


def test_planar_is_closest_to_a_tanh():
    fits = {name: made(law).best_tanh() for name, law in LAWS.items()}
    fits["binary"] = made(Binary(0.0)).best_tanh()
    deviations = {name: fit.max_deviation for name, fit in fits.items()}
    assert deviations["perpendicular"] < deviations["planar"] < deviations["binary"]
    for name, fit in fits.items():
        pbit = made(Binary(0.0) if name == "binary" else LAWS[name])
        reach = 2 * max(map(abs, pbit.range_V))
        inputs = np.linspace(-reach, reach, 2001)
        for scale in np.geomspace(fit.scale_V / 5, fit.scale_V * 5, 101):
            worst = np.abs(pbit.transfer(inputs) - np.tanh(inputs / scale)).max()
            assert worst > fit.max_deviation - 1e-4


def test_tanh_scale_goes_with_the_transistor():
    narrow, wide = (EmbeddedPBit(JUNCTION, slope_V=slope).best_tanh() for slope in (0.03, 0.06))
    assert wide.scale_V == pytest.approx(2 * narrow.scale_V, rel=1e-3)
    assert wide.max_deviation == pytest.approx(narrow.max_deviation, abs=1e-4)


@pytest.mark.parametrize(
    ("name", "bad", "message"),
    [
        ("supply_V", 0.0, "supply_V must be a finite number > 0, got 0.0; it feeds the divider"),
        ("slope_V", -0.1, "slope_V must be .*; tens of millivolts are usual"),
        ("gain", 0.0, "gain must be a number > 0, got 0.0; infinity is ideal"),
        ("centre_ohm", 0.0, "centre_ohm must be .*; None centres the law"),
        ("damping", 0.0, "damping must be .*; 0.01 to 0.1 is usual"),
        ("polarization", 1.1, "polarization must be .*; 0 where torques cancel"),
    ],
)
def test_refusals(name, bad, message):
    with pytest.raises(ValueError, match=message):
        EmbeddedPBit(JUNCTION, **{name: bad})


BIASED = Junction(8.0, tmr=1.2, tmr_half_voltage_V=0.5)


def test_tmr_is_that_at_half_of_the_supply():
    """1.2 / (1 + (0.4 / 0.5)^2) = 0.73, and a slope at 0 that is 40 % larger."""
    tmr = 1.2 / (1 + (0.4 / 0.5) ** 2)
    assert tmr == pytest.approx(0.7317, abs=1e-4)
    low, high = EmbeddedPBit(BIASED).range_V
    assert high - low == pytest.approx(0.05 * math.log(1 + tmr))
    slopes = []
    for junction in (BIASED, Junction(8.0, tmr=1.2)):
        pbit = EmbeddedPBit(junction, Perpendicular(), polarization=0.0)
        slopes.append(float(np.diff(pbit.transfer([-1e-7, 1e-7]))[0]) / 2e-7)
    assert slopes[0] == pytest.approx((2 + tmr) / tmr / 0.05, rel=1e-6)
    assert slopes[0] / slopes[1] == pytest.approx(1.40, abs=1e-3)


def test_divider_and_tmr_agree_on_the_voltage():
    """R = R(c, V) with V = V_DD R / (R + R_T): Kirchhoff and the law of the TMR at once."""
    pbit = EmbeddedPBit(BIASED)
    inputs, cosines = np.linspace(-0.2, 0.2, 9)[:, None], np.array([-1.0, -0.2, 0.5, 1.0])
    current, node = pbit.current_A(inputs, cosines), pbit.node_V(inputs, cosines)
    across = pbit.supply_V / 2 - node
    np.testing.assert_allclose(
        across / current, resistance_ohm(BIASED, cosines, voltage_V=across), rtol=1e-12
    )
    np.testing.assert_allclose(
        pbit.supply_V, current * (across / current + pbit.transistor_ohm(inputs)), rtol=1e-12
    )


@pytest.mark.parametrize("law", LAWS)
def test_curves_with_bias_by_quadrature(law):
    """An ideal inverter's closed form is what a steep one comes to, node by node."""
    options = {"polarization": 0.0}
    ideal = EmbeddedPBit(BIASED, LAWS[law], **options).transfer(INPUTS)
    steep = EmbeddedPBit(BIASED, LAWS[law], gain=1e5, **options).transfer(INPUTS)
    assert np.abs(steep - ideal).max() < 2e-3


@pytest.mark.parametrize(("damping", "x", "mean"), [(0.01, "286", "0.997"), (0.1, "28.6", "0.965")])
def test_read_currents_that_pin_are_told(damping, x, mean):
    """coth x - 1/x of x = hbar eta I / 2 e alpha kT: 60 uA are no small current."""
    with pytest.warns(UserWarning, match=f"60 uA pins the magnet: .* = {x}, <m_z> = {mean}"):
        pbit = EmbeddedPBit(Junction(8.0), Perpendicular(), damping=damping)
    hbar, e, kT = 1.054571817e-34, 1.602176634e-19, 1.380649e-23 * 300
    assert pbit.read_torque == pytest.approx(hbar * 0.6 * 60e-6 / (2 * e * damping * kT))
    with pytest.warns(UserWarning, match="6 of the junction's critical current, <c> = 1.000"):
        EmbeddedPBit(Junction(8.0), Binary())


def test_read_currents_that_do_not_pin_are_not(recwarn):
    weak = Junction(8.0, resistance_P_ohm=5e7, critical_current_A=1e-5)
    EmbeddedPBit(Junction(8.0))  # in-plane
    EmbeddedPBit(weak, Perpendicular(), damping=0.05)
    EmbeddedPBit(weak, Binary())
    EmbeddedPBit(Junction(8.0), Binary(), polarization=0.0)
    EmbeddedPBit(Junction(8.0), Perpendicular(), polarization=0.0)
    known = EmbeddedPBit(Junction(8.0)).read_torque
    EmbeddedPBit(Junction(8.0), Perpendicular(torque=-known))  # the law has it
    assert EmbeddedPBit(Junction(8.0), polarization=0.0).read_torque == 0.0
    assert not recwarn.list


def test_sample_sizes_are_bounded():
    with pytest.raises(ValueError, match="num_samples must be >= 1"):
        EmbeddedPBit(JUNCTION).sampled_transfer([0.0], num_samples=0)
    with pytest.raises(ValueError, match="num_samples must be <= 67108864"):
        EmbeddedPBit(JUNCTION).sampled_transfer([0.0, 0.1], num_samples=2**27)
