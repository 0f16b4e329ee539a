"""All reservoirs obey the protocol; oscillators follow their equations; what is refused."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import integrate

from pbit.devices.oscillator import AutoOscillator
from pbit.networks.reservoir import (
    UNIFORM,
    VORTEX,
    Delays,
    EchoState,
    OscillatorArray,
    OscillatorReservoir,
    SideBySide,
    mask_of,
    padded,
    states_of,
    unpadded,
)
from pbit.networks.reservoir.kinds import KNOWN
from pbit.samplers.driven import KIND, DrivenPBits

NOISY = replace(VORTEX, noise_Hz=0.01 * VORTEX.damping_Hz)
OTHER = replace(VORTEX, threshold_A=1.2e-3, signal_V=0.5, frequency_Hz=3.0001e8)
DRIVE = np.random.default_rng(1).uniform(-1, 1, (3, 12, 2))
ALL = {
    "delays": Delays(num_delays=3, spacing=2, degree=2),
    "echo-state": EchoState(num_nodes=7, leak=0.5),
    "vortex": OscillatorReservoir(num_virtual=5, feedback=0.6),
    "noisy": OscillatorReservoir(devices=[NOISY, OTHER], num_virtual=4, feedback=0.4, delay=4),
    "array": OscillatorArray(devices=[VORTEX, OTHER], coupling=0.4 + 0.1j, num_virtual=3),
    "p-bits": DrivenPBits(num_nodes=6, num_reads=5),
    "side by side": SideBySide([EchoState(num_nodes=4), OscillatorReservoir(num_virtual=3)]),
}


@pytest.mark.parametrize("name", ALL)
def test_protocol(name):
    """A course goes on where it was, a series knows nothing of the others nor of its future."""
    reservoir = ALL[name]
    whole = states_of(reservoir, DRIVE, seed=5)
    course = reservoir.begin(2, num_series=3, seed=5)
    assert whole.shape == (3, 12, course.num_nodes) and np.isfinite(whole).all()
    parts = [course.advance(part) for part in (DRIVE[:, :5], DRIVE[:, 5:6], DRIVE[:, 6:])]
    np.testing.assert_allclose(np.concatenate(parts, axis=1), whole, rtol=0, atol=1e-13)
    alone = reservoir.begin(2, num_series=1, seed=5, first_series=2).advance(DRIVE[2:])
    np.testing.assert_allclose(alone[0], whole[2], rtol=0, atol=1e-13)
    assert not np.allclose(whole[0], whole[1])
    if name != "delays":
        assert not np.allclose(states_of(reservoir, DRIVE, seed=6), whole)


@pytest.mark.parametrize("pieces", [None, 7])
def test_noise_of_arrays_knows_neither_calls_nor_other_series(pieces):
    """Bit for bit: words are keyed by series, step and device; steps are of one length."""
    array = OscillatorArray(
        devices=[NOISY, replace(OTHER, noise_Hz=2e3)], coupling=0.4 + 0.1j, num_virtual=3,
        slot=0.123456789, pieces=pieces,
    )  # fmt: skip
    whole = states_of(array, DRIVE, seed=5)
    course = array.begin(2, num_series=3, seed=5)
    parts = [course.advance(DRIVE[:, a:b]) for a, b in ((0, 5), (5, 6), (6, 12))]
    np.testing.assert_array_equal(np.concatenate(parts, axis=1), whole)
    alone = array.begin(2, num_series=1, seed=5, first_series=1)
    np.testing.assert_array_equal(alone.advance(DRIVE[1:2])[0], whole[1])
    quiet = replace(array, devices=[VORTEX, OTHER])
    assert not np.allclose(states_of(quiet, DRIVE, seed=5), whole)


def test_threads_change_no_bit():
    one = ALL["noisy"]
    np.testing.assert_array_equal(
        states_of(replace(one, num_threads=3), DRIVE, seed=5), states_of(one, DRIVE, seed=5)
    )


# --- oscillators


def test_an_oscillator_follows_its_equation():
    """The complex equation of motion at its own frequency, slot after slot, to 1e-8."""
    device = AutoOscillator(frequency_Hz=40.0, damping_Hz=0.3, shift_Hz=2.0, signal_V=3.0)
    reservoir = OscillatorReservoir(
        devices=device, num_virtual=4, bias=1.7, amplitude=0.9, slot=0.3
    )
    drive = np.array([[0.8], [-0.3], [1.0]])
    found = states_of(reservoir, drive, seed=9).ravel()
    mask = mask_of("binary", (4, 1), seed=9)[:, 0]
    c = np.array([math.sqrt(float(device.power(1.7e-3))) + 0j])
    for k, zeta in enumerate((1.7 + 0.9 * drive * mask).ravel()):

        def slope(_, c, zeta=zeta):
            p = abs(c) ** 2
            turn = 2 * np.pi * (device.frequency_Hz + device.shift_Hz * p)
            gain = device.damping_rad_s * (zeta * (1 - p) - (1 + device.nonlinear_damping * p))
            return (gain - 1j * turn) * c

        c = integrate.solve_ivp(
            slope, (0, reservoir.slot_s), c, method="DOP853", rtol=1e-11, atol=1e-13
        ).y[:, -1]
        assert found[k] == pytest.approx(3.0 * abs(c[0]), rel=1e-8)


def test_time_scales_with_the_damping_alone():
    fast = replace(VORTEX, damping_Hz=100 * VORTEX.damping_Hz, frequency_Hz=1e10, shift_Hz=-3e7)
    one, other = (OscillatorReservoir(devices=each, feedback=0.3) for each in (VORTEX, fast))
    assert one.step_s == pytest.approx(100 * other.step_s) == 24 * one.slot_s
    np.testing.assert_allclose(
        states_of(one, DRIVE, seed=2), states_of(other, DRIVE, seed=2), rtol=1e-11
    )
    assert UNIFORM.damping_Hz > 50 * VORTEX.damping_Hz


def test_at_rest_nothing_moves_and_feedback_adds_nothing():
    for bias in (1.3, 2.0):
        reservoir = OscillatorReservoir(bias=bias, feedback=0.7)
        found = states_of(reservoir, np.zeros((5, 1)), seed=1)
        power = float(VORTEX.power(bias * VORTEX.threshold_A))
        np.testing.assert_allclose(found, VORTEX.signal_V * math.sqrt(power), rtol=1e-12)


def test_devices_without_coupling_are_those_alone():
    """One slot, the same mask: the array by steps, one device by its exact envelope."""
    devices = [VORTEX, replace(VORTEX, frequency_Hz=3.0002e8, shift_Hz=-1e6)]
    array = OscillatorArray(
        devices=devices, bias=2.0, amplitude=0.6, slot=0.2, num_virtual=1, pieces=30
    )
    found = states_of(array, DRIVE, seed=4)
    masks = mask_of("binary", (2, 2), seed=4)
    for k in range(2):
        alone = OscillatorReservoir(num_virtual=1, amplitude=0.6).begin(1, num_series=3, seed=0)
        sign = mask_of("binary", (1, 1), seed=0)[0, 0]
        drive = (DRIVE @ masks[k])[:, :, None] * sign
        np.testing.assert_allclose(found[:, :, k], alone.advance(drive)[:, :, 0], rtol=2e-5)


def test_coupled_devices_follow_their_equations():
    """Against Runge and Kutta's method in the frame that turns; the error falls with the square
    of the piece."""
    devices = [VORTEX, replace(OTHER, signal_V=1.0), replace(VORTEX, frequency_Hz=2.9999e8)]
    couplings = np.array([[0, 0.5, 0.2j], [0.3, 0, -0.4], [0.1, 0.6j, 0]])
    unit = VORTEX.damping_rad_s
    turns = 2 * np.pi * np.array([each.frequency_Hz for each in devices])
    turns = (turns - turns.mean()) / unit
    shifts = 2 * np.pi * np.array([each.shift_Hz for each in devices]) / unit
    array = OscillatorArray(
        devices=devices, coupling=couplings, bias=1.5, amplitude=0.0, num_virtual=1, slot=2.0
    )
    start = array.begin(1, num_series=1, seed=3)
    c0 = start.amplitudes[0]

    def slope(_, c):
        p = np.abs(c) ** 2
        return (1.5 * (1 - p) - 1 - 0.5 * p - 1j * (turns + shifts * p)) * c + couplings @ c

    exact = integrate.solve_ivp(slope, (0, 1.0), c0, rtol=1e-11, atol=1e-13).y[:, -1]
    errors = []
    for pieces in (20, 40):
        course = replace(array, pieces=pieces).begin(1, num_series=1, seed=3)
        course.advance(np.zeros((1, 1, 1)))
        errors.append(np.abs(course.amplitudes[0] - exact).max())
    assert errors[0] < 1e-2 and errors[0] / errors[1] == pytest.approx(4, abs=0.4)


# --- software


def test_echo_states_are_those_of_plain_numpy():
    network = EchoState(num_nodes=6, leak=0.3, density=0.5)
    course = network.begin(2, num_series=1, seed=3)
    couplings, inputs, bias = course._couplings.T, course._inputs.T, course._bias
    assert np.abs(np.linalg.eigvals(couplings)).max() == pytest.approx(0.9)
    state = np.zeros(6)
    for u, found in zip(DRIVE[0], course.advance(DRIVE[:1])[0], strict=True):
        state = 0.7 * state + 0.3 * np.tanh(couplings @ state + inputs @ u + bias)
        np.testing.assert_allclose(found, state, rtol=1e-12)


def test_echo_states_are_those_of_reservoirpy():
    """Weights handed over; a referee that is not required."""
    nodes = pytest.importorskip("reservoirpy.nodes")
    network = EchoState(num_nodes=20, leak=0.4)
    course = network.begin(2, num_series=1, seed=3)
    peer = nodes.Reservoir(
        units=20, lr=0.4, W=course._couplings.T, Win=course._inputs.T, bias=course._bias,
        input_dim=2,
    )  # fmt: skip
    ours = course.advance(DRIVE[:1])[0]
    np.testing.assert_allclose(np.asarray(peer.run(DRIVE[0])), ours, atol=1e-12)


def test_series_of_several_lengths_are_lists_and_back():
    series = [DRIVE[0], DRIVE[1, :4]]
    values, lengths = padded(series)
    assert values.shape == (2, 12, 2) and (values[1, 4:] == 0).all()
    for one, other in zip(unpadded(values, lengths), series, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("kind", ["binary", "uniform", "steps"])
def test_masks_have_the_same_variance(kind):
    """6 standard errors of 20,000 numbers, at most."""
    mask = mask_of(kind, (10_000, 2), seed=1)
    assert np.square(mask).sum(axis=1).mean() == pytest.approx(1, abs=6 * np.sqrt(1 / 20_000))
    assert abs(mask.mean()) < 6 * np.sqrt(0.5 / 20_000)


def test_kinds_draw_what_they_say():
    kinds = [*KNOWN.all().values(), KIND]
    assert [each.name for each in kinds if each.is_baseline] == [
        "echo-state",
        "linear",
        "quadratic",
    ]
    rng = np.random.default_rng(1)
    for kind in kinds:
        for inputs in (1, 3):
            course = kind.draw(rng, 30, inputs).begin(inputs, num_series=1, seed=1)
            assert 1 <= course.num_nodes <= 30


# --- refusals


def test_states_that_do_not_fit_are_refused():
    with pytest.raises(MemoryError, match=r"states of the nodes need about .* lower the number of"):
        states_of(OscillatorReservoir(num_virtual=10**6), np.zeros((10**6, 1)), seed=1)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: OscillatorReservoir(devices=[]), "devices must be one AutoOscillator"),
        (lambda: OscillatorReservoir(devices=[1]), "devices must be of type AutoOscillator"),
        (lambda: OscillatorReservoir(slot=0.0), "slot must be a finite number > 0"),
        (lambda: OscillatorReservoir(delay=0), "delay must be >= 1"),
        (lambda: OscillatorReservoir(mask="ternary"), "mask must be one of binary"),
        (lambda: OscillatorArray(devices=[]), "devices must be one AutoOscillator"),
        (lambda: OscillatorArray(devices=[VORTEX], coupling=np.eye(2)), "of shape (1, 1)"),
        (lambda: EchoState(leak=0.0), "leak must be > 0 and <= 1"),
        (lambda: Delays(degree=0), "degree must be >= 1"),
        (lambda: SideBySide([]), "reservoirs must be one at least"),
        (lambda: states_of(Delays(), [1.0, 2.0]), "drive must have the shape (steps, inputs)"),
        (lambda: states_of(Delays(), [[np.nan]]), "drive must be finite"),
        (lambda: states_of(OscillatorReservoir(), [[1e5]]), "more than e^600 in a slot"),
        (lambda: padded([]), "series must be one series at least"),
        (lambda: padded([[[1.0]], [[1.0, 2.0]]]), "the 1 features of the first, got 2 in series 1"),
        (lambda: DrivenPBits(num_nodes=1), "num_nodes must be >= 2"),
    ],
)
def test_refusals(make, message):
    with pytest.raises((TypeError, ValueError)) as caught:
        make()
    assert message in str(caught.value)
