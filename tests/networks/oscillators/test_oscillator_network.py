"""Networks of auto-oscillators against a general integrator and closed forms."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import integrate, signal

import naive_oscillators as naive
from pbit.devices.oscillator import AutoOscillator
from pbit.networks.oscillators import (
    Drive,
    OscillatorNetwork,
    dipolar_couplings,
    electrical_couplings,
    spin_wave_couplings,
    time_to_synchronise,
    with_spread,
)

ONE = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5, shift_Hz=-3e6)  # nu = -3 at twice threshold
ALONE = OscillatorNetwork(ONE, [[0]])


def test_paths_follow_the_equation_of_the_laboratory():
    """All terms at once, by scipy in the laboratory's frame: second order to within 1e-6."""
    many = with_spread(
        replace(ONE, frequency_Hz=2e7),
        3,
        seed=3,
        frequency_Hz=1e-3,
        threshold_A=0.1,
        nonlinear_damping=0.2,
    )
    rng = np.random.default_rng(1)
    couplings = (rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3))) * 3e5
    np.fill_diagonal(couplings, 0)
    currents, start = np.array([[2e-3, 1.5e-3, 0.8e-3], [1.2e-3, 2e-3, 1e-3]]), rng.normal(size=3)
    drives = [
        Drive(frequency_Hz=np.array([2.0e7, 1.7e7]), strength_rad_s=[2e5, 1e5j, 0]),
        Drive(frequency_Hz=3.7e7, strength_rad_s=2e5j, harmonic=2, envelope=[0.5, 0.5, 1, 1]),
    ]
    duration, frame = 1.5e-6, 1.85e7

    def exact(read):
        c, omega = start * (0.5 + 0.1j), 2 * math.pi
        forces = [(np.array([2e5, 1e5j, 0]), omega * drives[0].frequency_Hz[read], 1)]
        for half, size in ((0, 0.5), (1, 1.0)):
            parts = list(zip(many, currents[half], strict=True))
            span = (half * duration / 2, (half + 1) * duration / 2)
            pump = (size * 2e5j, omega * 3.7e7, 2)

            def slope(t, c, parts=parts, pump=pump):
                return naive.amplitude_slope(c, t, parts, couplings, [*forces, pump])

            c = integrate.solve_ivp(slope, span, c, rtol=1e-8, atol=1e-8, method="DOP853").y[:, -1]
        return c * np.exp(1j * omega * frame * duration)

    network = OscillatorNetwork(many, couplings)
    options = {"drives": drives, "frame_Hz": frame, "initial": start * (0.5 + 0.1j)}
    ends = np.array([exact(0), exact(1)])
    errors = []
    for steps in (300, 600, 4800):
        run = network.run(duration, currents, num_reads=2, time_step_s=duration / steps, **options)
        errors.append(np.abs(run.amplitudes[:, -1] - ends).max())
    assert 3.5 < errors[0] / errors[1] < 4.5 and errors[2] < errors[1] / 64 + 1e-6


def test_reads_depend_neither_on_their_number_nor_on_threads_nor_on_what_is_recorded():
    network = OscillatorNetwork(replace(ONE, noise_Hz=1e3), electrical_couplings(3, 1e5j))
    drives = (
        Drive(frequency_Hz=3e8, strength_rad_s=1e5, envelope=[0.5, 1]),
        Drive(frequency_Hz=5.98e8, strength_rad_s=[1e5, 1e5j, 0], harmonic=2),
    )
    options = {"seed": 5, "drives": drives, "time_step_s": 1e-8, "frame_Hz": 2.985e8}
    many = network.run(4e-7, 2e-3, num_reads=40, num_threads=2, **options)
    few = network.run(4e-7, 2e-3, num_reads=33, record_every=7, **options)
    one = network.run(4e-7, 2e-3, record_every=20, measure_from_s=1e-7, **options)
    assert np.array_equal(many.frequencies_Hz[:33], few.frequencies_Hz)
    assert np.array_equal(many.amplitudes[:1, -1], one.amplitudes[:, -1])
    assert few.times_s == pytest.approx(np.arange(6) * 7e-8)
    assert many.info["frame_Hz"] == 2.985e8 and np.unique(many.amplitudes).size == 120


def test_a_run_in_parts_is_the_whole():
    network = OscillatorNetwork(replace(ONE, noise_Hz=1e3), electrical_couplings(3, 1e5j))
    options = {"seed": 5, "time_step_s": 2.0**-27, "frame_Hz": 2.985e8}
    whole = network.run(40 * 2.0**-27, 2e-3, num_reads=40, record_every=10, **options)
    begun = network.run(10 * 2.0**-27, 2e-3, num_reads=3, first_read=2, **options)
    assert np.array_equal(begun.amplitudes[:, -1], whole.amplitudes[2:5, 1])
    rest = network.run(
        30 * 2.0**-27, 2e-3, num_reads=3, first_read=2, first_step=10,
        initial=begun.amplitudes[:, -1], **options,
    )  # fmt: skip
    assert np.array_equal(rest.amplitudes[:, -1], whole.amplitudes[2:5, -1])


def test_free_oscillators_have_their_power_and_their_frequency():
    """By turns counted against any frame."""
    far = Drive(frequency_Hz=4e8, strength_rad_s=1.0)
    assert ALONE.run(1e-8, 2e-3, drives=[far]).info["time_step_s"] < 1 / (2 * math.pi * 1e9)
    currents = np.array([[[0.5e-3]], [[1.5e-3]], [[3e-3]]])
    run = ALONE.run(4e-5, currents, num_reads=3, measure_from_s=2e-5, frame_Hz=2.97e8, seed=1)
    assert run.powers[:, -1, 0] == pytest.approx(ONE.power(currents[:, 0, 0]), abs=1e-5)
    exact = ONE.frequency_at_Hz(currents[1:, 0, 0])
    assert run.frequencies_Hz[1:, 0] == pytest.approx(exact, rel=1e-6)


@pytest.mark.parametrize("side", [-1, 1])
def test_a_drive_locks_within_its_range(side):
    """|f - f_g| < sqrt(1 + nu^2) F / sqrt(p) / 2 pi: at 0.95 of it, not at 1.05."""
    current = 2e-3
    free, power = ONE.frequency_at_Hz(current), ONE.power(current)
    force = 0.004 * 2 * ONE.relaxation_rate_s(current) * math.sqrt(power)
    half = math.hypot(1, ONE.nonlinearity(current)) * force / math.sqrt(power) / (2 * math.pi)
    frequency = free + side * half * np.array([0.95, 1.05])
    drive = Drive(frequency_Hz=frequency, strength_rad_s=force)
    run = ALONE.run(
        1e-3, current, drives=[drive], num_reads=2, measure_from_s=2e-4, time_step_s=2e-8, seed=1
    )
    off = np.abs(run.frequencies_Hz[:, 0] - frequency)
    assert off[0] < 0.01 * half and off[1] > 0.1 * half


def test_twice_the_frequency_locks_to_two_phases():
    current = 2e-3
    drive = Drive(frequency_Hz=2 * ONE.frequency_at_Hz(current), strength_rad_s=1e5, harmonic=2)
    run = ALONE.run(5e-5, current, drives=[drive], num_reads=200, seed=2, frame_Hz=2.985e8)
    phases = np.angle(run.amplitudes[:, -1, 0])
    assert np.abs(np.exp(2j * phases).mean()) > 0.999
    assert 60 < (np.cos(phases - phases[0]) > 0).sum() < 140


def test_noise_is_of_the_stated_strength():
    """A driftless oscillator far below threshold: <p> = D_n / G within 5.5 standard errors, which
    catches noise 10 % off, a power 21 % off, at 17 more of them."""
    noisy = replace(ONE, noise_Hz=4e2, shift_Hz=0.0, nonlinear_damping=0.0)
    network = OscillatorNetwork(noisy, np.zeros((3, 3)))
    run = network.run(3e-6, 0.0, num_reads=4000, initial=0.0, time_step_s=2e-8, seed=3)
    exact = 4e2 / 4e5 * (1 - math.exp(-2 * noisy.damping_rad_s * 3e-6))
    share = run.powers[:, -1].ravel() / exact
    bias = noisy.damping_rad_s * 2e-8  # of the step
    assert abs(share.mean() - 1) < 5.5 / math.sqrt(share.size) + bias**2
    parts = run.amplitudes[:, -1].view(float).reshape(4000, 6)
    assert np.abs(np.corrcoef(parts.T)[np.triu_indices(6, 1)]).max() < 6 / math.sqrt(4000)


def diffused(rate, t):
    """Variance of an Ornstein-Uhlenbeck process from 0, integrated, over its slope in the end."""
    return t - 2 * (1 - math.exp(-rate * t)) / rate + (1 - math.exp(-2 * rate * t)) / (2 * rate)


def test_phases_diffuse_by_the_linewidth():
    """Variance (D_n / p) (t + nu^2 ...) of weak noise, within 5.5 standard errors of 6000.

    Controls: without the part of the power, or with noise 10 % off, it is beyond them.
    """
    current, t, noise = 2e-3, 4e-6, 1.0
    network = OscillatorNetwork(replace(ONE, noise_Hz=noise), np.zeros((3, 3)))
    power, nu = ONE.power(current), ONE.nonlinearity(current)
    options = {"initial": math.sqrt(power), "num_reads": 2000, "seed": 6, "time_step_s": 1e-8}
    run = network.run(t, current, **options)
    phases = 2 * math.pi * (run.frequencies_Hz - ONE.frequency_at_Hz(current)).ravel() * t
    rate = 2 * ONE.relaxation_rate_s(current)
    unit = 2 * math.pi * noise / power
    exact = unit * (t + nu**2 * diffused(rate, t))

    def agrees(variance):
        return abs((phases**2).mean() / variance - 1) < 5.5 * math.sqrt(2 / phases.size)

    assert agrees(exact) and not agrees(unit * t) and not agrees(1.21 * exact)
    assert network.reduced(current).noise == pytest.approx(unit * (1 + nu**2) / 2)


def test_phases_alone_where_powers_follow_at_once():
    """Couplings of 0.2 % of the power's relaxation: phases of both agree to 0.001; at 50 %, beyond
    what the reduction is valid for, they do not."""
    current, nu = 2e-3, ONE.nonlinearity(2e-3)
    relaxation = 2 * ONE.relaxation_rate_s(current)

    def apart(share):
        size = share * relaxation
        couplings = electrical_couplings(3, size * np.exp(1j * math.atan(nu)))
        network = OscillatorNetwork(ONE, couplings)
        rate = size * math.hypot(1, nu)
        detuning = np.array([-0.4, 0.1, 0.5]) * rate
        start = np.array([0.0, 2.0, 4.0])
        c = math.sqrt(ONE.power(current)) * np.exp(-1j * start)
        duration = 4 / rate
        full = network.run(duration, current, initial=c, detuning_Hz=detuning / (2 * math.pi))
        reduced = network.reduced(current)
        phases = reduced.run(
            duration,
            initial_phases=start,
            detuning=detuning
            + 2 * math.pi * (ONE.frequency_at_Hz(current) - full.info["frame_Hz"]),
            time_step=0.02 / rate,
        ).phases[0, -1]
        gaps = full.phases[0, -1] - phases
        return np.abs(np.angle(np.exp(1j * (gaps - gaps[0])))).max()

    assert apart(0.002) < 0.001 and apart(0.5) > 0.5


def test_time_to_synchronise_and_layouts():
    phases = np.array([[0, 3.0], [0, 0.1], [0, 3.0], [0, 0.1]])
    times = np.arange(4.0)
    assert time_to_synchronise(times, phases) == 3 and time_to_synchronise(times, phases * 0) == 0
    assert time_to_synchronise(times, [phases, phases[::-1]]).tolist() == [3, math.inf]
    assert time_to_synchronise(times, phases * math.nan) == math.inf
    square = [[0, 0], [1e-7, 0], [0, 1e-7], [1e-7, 1e-7]]
    couplings = dipolar_couplings(square, strength_rad_s=1j, distance_m=1e-7)
    assert couplings[0] == pytest.approx([0, 1j, 1j, 1j / math.sqrt(8)])
    options = {"strength_rad_s": 2.0, "distance_m": 1.0, "wavelength_m": 2.0, "decay_m": 4.0}
    waves = spin_wave_couplings([[0.0], [1.0], [3.0]], **options)
    assert waves[0] == pytest.approx([0, 2, 2 * math.exp(-0.5) / math.sqrt(3)])
    assert waves[1, 2] == pytest.approx(-2 * math.exp(-0.25) / math.sqrt(2))


def test_devices_spread_as_told():
    values = np.array(
        [
            (one.frequency_Hz / 3e8 - 1, one.threshold_A / 1e-3 - 1, one.damping_Hz - 4e5)
            for one in with_spread(ONE, 2000, seed=4, frequency_Hz=0.01, threshold_A=0.1)
        ]
    )
    assert signal.detrend(values, axis=0, type="constant").std(axis=0) == pytest.approx(
        [0.01, 0.1, 0.0], rel=0.1
    )
    assert abs(np.corrcoef(values[:, :2].T)[0, 1]) < 6 / math.sqrt(2000)


BAD = [
    (lambda: OscillatorNetwork([ONE], np.zeros((2, 2))), ValueError, "oscillators must be 2"),
    (lambda: OscillatorNetwork([1], [[0]]), TypeError, "oscillators must be AutoOscillator"),
    (lambda: OscillatorNetwork(ONE, [["a"]]), TypeError, "couplings must be complex numbers"),
    (lambda: ALONE.run(1e-6, [1e-3, 1e-3]), ValueError, "current_A must be a number or of shape"),
    (lambda: ALONE.run(1e-6, math.nan), ValueError, "current_A must be finite"),
    (lambda: ALONE.run(1e-6, 1e-3, frame_Hz=math.nan), ValueError, "frame_Hz must be a finite"),
    (lambda: ALONE.run(0, 1e-3), ValueError, "duration_s must be finite and > 0"),
    (lambda: ALONE.run(1e-6, 1e-3, time_step_s=0), ValueError, "time_step_s must be finite"),
    (lambda: ALONE.run(1e-3, 2e-3, initial=9.0, time_step_s=1e-5), ValueError, "stay finite"),
    (lambda: ALONE.run(1e-6, 1e-3, first_read=-1), ValueError, "first_read must be >= 0"),
    (lambda: ALONE.run(1e-6, 1e-3, first_read=2**32), ValueError, "first_read must be <= "),
    (lambda: ALONE.run(1e-6, 1e-3, first_step=-1), ValueError, "first_step must be >= 0"),
    (lambda: ALONE.run(1e-6, 1e-3, first_step=2**44), ValueError, "first_step must be <= "),
    (lambda: ALONE.run(1e-6, 1e-3, measure_from_s=1), ValueError, "measure_from_s must be >= 0"),
    (lambda: ALONE.run(1e-6, 1e-3, drives=[Drive(frequency_Hz=[1, 2], strength_rad_s=1)]),
     ValueError, "frequency_Hz must be one number or 1"),
    (lambda: ALONE.run(1e-6, 1e-3, drives=[Drive(frequency_Hz=1, strength_rad_s=[1, 2])]),
     ValueError, "strength_rad_s must be a number or of shape"),
    (lambda: ALONE.reduced(5e-4), ValueError, "current_A must be above the threshold"),
    (lambda: Drive(frequency_Hz=1, strength_rad_s=1, harmonic=3), ValueError, "harmonic must be"),
    (lambda: Drive(frequency_Hz=[[1]], strength_rad_s=1), ValueError, "must be a number or a row"),
    (lambda: Drive(frequency_Hz=[1, 2], strength_rad_s=1, harmonic=2), ValueError, "one number"),
    (lambda: dipolar_couplings([1], strength_rad_s=1, distance_m=1), ValueError, "must have shape"),
    (lambda: dipolar_couplings([[1], [1]], strength_rad_s=1, distance_m=1), ValueError, "be apart"),
    (lambda: spin_wave_couplings([[0], [1]], strength_rad_s=1, distance_m=1, wavelength_m=0,
     decay_m=1), ValueError, "wavelength_m must be a number > 0"),
    (lambda: time_to_synchronise([0], [[0, 1], [0, 1]]), ValueError, "times must be one for each"),
    (lambda: time_to_synchronise([0], [[0, 1]], order=0), ValueError, "order must be > 0 and <= 1"),
    (lambda: with_spread(ONE, 2, mass=0.1), ValueError, "spreads must be among"),
    (lambda: with_spread(ONE, 2, damping_Hz=-1), ValueError, "damping_Hz must be a finite number"),
]  # fmt: skip


@pytest.mark.parametrize("call, kind, message", BAD)
def test_what_is_refused(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
