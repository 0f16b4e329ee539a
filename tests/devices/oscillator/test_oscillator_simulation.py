"""Runs of single oscillators: a slow reference, exact laws, the order of the integrator.

Statistical checks are made at 1e-6; each has a control that must fail it.
"""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from naive import MASK, ars, box_muller
from pbit.devices.oscillator import (
    AutoOscillator,
    DelayedFeedback,
    Injection,
    PhaseReduction,
    envelope_step,
    linewidth_Hz,
    phase_variance,
    simulate,
)

ALPHA = 1e-6
OSCILLATOR = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5, shift_Hz=2e6)
NOISY = replace(OSCILLATOR, noise_Hz=40.0)
OSCILLATOR_PURPOSE, AMPLITUDES = 11, 1


def naive_run(oscillator, drive, plan, *, read, seed):
    """c after each step in plain Python; drive: (zeta, detuning, force, pump, gain), rad/s."""
    (zeta, detuning, force, pump, gain), (c, steps, dt, delay) = drive, plan
    reference = math.sqrt((zeta - 1) / (zeta + oscillator.nonlinear_damping))
    amplitudes, path = [abs(c)] * delay, []

    def change(c, zeta):
        p = abs(c) ** 2
        grow = oscillator.damping_rad_s * (zeta * (1 - p) - 1 - oscillator.nonlinear_damping * p)
        turn = detuning + 2 * math.pi * oscillator.shift_Hz * p
        return (grow - 1j * turn) * c + force + pump * c.conjugate()

    for step in range(steps):
        words = ars(
            (0, step, read, OSCILLATOR_PURPOSE << 28 | AMPLITUDES), (seed & MASK, seed >> 32)
        )
        noise = complex(*box_muller(*words[:2])) * math.sqrt(2 * math.pi * oscillator.noise_Hz * dt)
        amplitudes.append(abs(c))
        now, after = (zeta + gain * (amplitudes[step + k] - reference) for k in (0, 1))
        first = change(c, now)
        second = change(c + dt * first + noise, after)
        c = c + dt * (first + second) / 2 + noise
        path.append(c)
    return path


@pytest.mark.parametrize("harmonic", [1, 2])
def test_against_plain_python(harmonic):
    """Noise, signal and feedback at once, the second of two reads."""
    signal = Injection(frequency_Hz=3.01e8 * harmonic, strength_Hz=5e4, harmonic=harmonic)
    steps, dt, seed = 60, 2e-9, 2**40 + 7
    run = simulate(
        NOISY, steps * dt, current_A=2e-3, num_reads=2, injection=signal, seed=seed,
        feedback=DelayedFeedback(gain=0.5, delay_s=3 * dt), initial=0.5 + 0.1j,
        time_step_s=dt, record_every=1,
    )  # fmt: skip
    force = 2 * math.pi * 5e4
    drive = (2.0, 2 * math.pi * -1e6, *((force, 0.0) if harmonic == 1 else (0.0, force)), 0.5)
    path = naive_run(NOISY, drive, (0.5 + 0.1j, steps, dt, 3), read=1, seed=seed)
    assert np.abs(run.amplitudes[1, 1:] - path).max() < 1e-7  # normal numbers of float32
    assert run.times_s[-1] == pytest.approx(steps * dt) and run.amplitudes.shape == (2, 61)


def test_threads_reads_and_pieces_give_the_same_bits():
    common = {"current_A": 2e-3, "seed": 5, "time_step_s": 3e-9}
    whole = simulate(NOISY, 600e-9, num_reads=40, record_every=100, **common)
    many = simulate(NOISY, 600e-9, num_reads=40, record_every=100, num_threads=3, **common)
    few = simulate(NOISY, 600e-9, num_reads=3, record_every=100, **common)
    assert np.array_equal(whole.amplitudes, many.amplitudes)
    assert np.array_equal(whole.amplitudes[:3], few.amplitudes)
    first = simulate(NOISY, 300e-9, num_reads=40, **common)
    then = simulate(
        NOISY, 300e-9, num_reads=40, initial=first.amplitudes[:, -1],
        first_step=first.info["num_steps"], **common,
    )  # fmt: skip
    assert np.array_equal(then.amplitudes[:, -1], whole.amplitudes[:, -1])


def test_power_and_its_relaxation():
    """p0 and 2 Gamma_p to 1 % (they come out to 0.1 %), on both sides of p0."""
    currents = [1.2e-3, 2e-3, 4e-3]
    p0 = OSCILLATOR.power(currents)
    rates = 2 * OSCILLATOR.relaxation_rate_s(currents)
    end = simulate(OSCILLATOR, 1e-4, current_A=currents, num_reads=3, initial=0.3)
    assert np.allclose(end.power[:, -1], p0, rtol=1e-3)
    for nudge in (0.99, 1.01):
        run = simulate(
            OSCILLATOR, 1e-6, current_A=currents, num_reads=3, initial=np.sqrt(nudge * p0),
            record_every=1,
        )  # fmt: skip
        decay = np.log(np.abs(run.power - p0[:, None]))
        slopes = np.array([np.polyfit(run.times_s, row, 1)[0] for row in decay])
        assert np.allclose(-slopes, rates, rtol=0.01)


def test_without_current_amplitudes_decay_at_the_damping():
    run = simulate(OSCILLATOR, 1e-6, current_A=0.0, initial=1e-3, record_every=1)
    rate = -np.log(run.power[0, -1] / run.power[0, 0]) / 2e-6
    assert rate == pytest.approx(OSCILLATOR.damping_rad_s, rel=1e-3)
    assert run.frequencies_Hz()[0] == pytest.approx(3e8, rel=1e-8)


def test_frequency_follows_the_current():
    currents = np.array([1.2e-3, 2e-3, 4e-3])
    run = simulate(
        OSCILLATOR, 2e-5, current_A=currents, num_reads=3, initial=0.6, record_every=10,
        frame_Hz=3e8,
    )  # fmt: skip
    found = run.frequencies_Hz(from_s=1e-5) - 3e8
    assert np.allclose(found, OSCILLATOR.frequency_at_Hz(currents) - 3e8, rtol=1e-3)


def test_powers_follow_the_exact_envelope():
    run = simulate(OSCILLATOR, 1e-6, current_A=2e-3, initial=0.1j, record_every=5, frame_Hz=3e8)
    exact = envelope_step(OSCILLATOR, 0.01, 2e-3, run.times_s)
    assert np.allclose(run.power[0], exact, atol=1e-4)
    assert not np.allclose(run.power[0], envelope_step(OSCILLATOR, 0.01, 2.02e-3, run.times_s),
                           atol=1e-3)  # fmt: skip


def test_steps_are_of_second_order():
    """Errors fall by 4 when steps are halved: order 2.0 to 0.1, with signal and rotation."""
    signal = Injection(frequency_Hz=3.01e8, strength_Hz=5e4)

    def end(dt):
        run = simulate(OSCILLATOR, 512e-9, current_A=2e-3, injection=signal, initial=0.2,
                       time_step_s=dt)  # fmt: skip
        return run.amplitudes[0, 0]

    exact = end(0.125e-9)
    errors = [abs(end(dt) - exact) for dt in (8e-9, 4e-9, 2e-9)]
    assert np.allclose(np.log2([errors[0] / errors[1], errors[1] / errors[2]]), 2, atol=0.1)


def adler_path(phase, times):
    """Exact phases of a reduction that starts at its lag."""
    delta, band = phase.detuning_rad_s, phase.half_bandwidth_rad_s
    beat = math.sqrt(delta**2 - band**2)
    turn = beat * times / 2 + math.atan(-band / beat)
    start = np.arctan((beat * np.tan(turn) + band) / delta)
    return np.unwrap(2 * start) + phase.lag_rad


def apart_from_its_phase(validity):
    """Largest distance of the complex equation's phase from Adler's, in the first beat."""
    rate = 2 * float(OSCILLATOR.relaxation_rate_s(2e-3))
    strength = validity * rate / (2 * math.pi) / math.sqrt(5 / 0.4)
    band = strength * math.sqrt(5 / 0.4)
    free = float(OSCILLATOR.frequency_at_Hz(2e-3))
    signal = Injection(frequency_Hz=free - 1.3 * band, strength_Hz=strength)
    phase = PhaseReduction.of(OSCILLATOR, 2e-3, signal)
    assert phase.validity == pytest.approx(validity) and phase.is_valid == (validity < 0.1)
    start = math.sqrt(0.4) * np.exp(-1j * phase.lag_rad)
    run = simulate(
        OSCILLATOR, 1 / phase.beat_Hz, current_A=2e-3, injection=signal, initial=start,
        record_every=10,
    )  # fmt: skip
    return np.abs(run.phases[0] - adler_path(phase, run.times_s)).max()


def test_complex_equation_against_its_phase():
    """The reduction's error goes with the validity, 8 rad of it; far beyond it nothing is left."""
    near, less = apart_from_its_phase(0.02), apart_from_its_phase(0.01)
    assert less < 0.08 and near / less == pytest.approx(2, rel=0.05)
    assert apart_from_its_phase(1.5) > 1


def test_phases_diffuse_by_the_law():
    """Variances of 2048 reads by chi-square; it catches a linewidth 25 % off in 99.9 % of cases."""
    settle, reads = 3e-6, 2048
    common = {"current_A": 2e-3, "num_reads": reads, "seed": 1, "time_step_s": 8e-9}
    rest = simulate(NOISY, settle, **common)
    run = simulate(
        NOISY, 4e-6, initial=rest.amplitudes[:, -1], first_step=rest.info["num_steps"],
        record_every=250, **common,
    )  # fmt: skip
    moved = run.phases[:, [1, -1]] - run.phases[:, :1]
    squares = (reads - 1) * moved.var(axis=0, ddof=1)

    def p_values(oscillator, times):
        low = stats.chi2.cdf(squares / phase_variance(oscillator, 2e-3, times), reads - 1)
        return 2 * np.minimum(low, 1 - low)

    times = run.times_s[[1, -1]]
    assert (p_values(NOISY, times) > ALPHA / 2).all()
    for wrong in (replace(NOISY, noise_Hz=50.0), replace(NOISY, shift_Hz=0.0)):
        assert (p_values(wrong, times) < ALPHA / 2).all()


@pytest.mark.slow
def test_linewidth_to_one_percent():
    """65536 reads tell it to 0.55 %; the law's next order is below 0.1 % at this noise."""
    reads, settle = 65536, 3e-6
    common = {"current_A": 2e-3, "num_reads": reads, "seed": 3, "num_threads": 2}
    rest = simulate(NOISY, settle, **common)
    ends = simulate(NOISY, 12e-6, initial=rest.amplitudes[:, -1],
                    first_step=rest.info["num_steps"], record_every=600, **common)  # fmt: skip
    variance = (ends.phases[:, -1] - ends.phases[:, 0]).var()
    late = variance / phase_variance(NOISY, 2e-3, ends.times_s[-1])
    assert late == pytest.approx(1, abs=0.01)
    assert linewidth_Hz(NOISY, 2e-3) == pytest.approx(500)


@pytest.mark.parametrize(("share", "decays"), [(-0.9, True), (-1.3, False)])
def test_feedback_becomes_unstable_where_its_equation_says(share, decays):
    """da/dt = -2 Gamma_p a + k a(t - tau) of small deviations: long delays need |k| > 2 Gamma_p."""
    p0, rate = 0.4, 2 * float(OSCILLATOR.relaxation_rate_s(2e-3))
    gain = share * rate / (OSCILLATOR.damping_rad_s * (1 - p0) * math.sqrt(p0))
    tau = 20 / rate
    run = simulate(OSCILLATOR, 40 * tau, current_A=2e-3, initial=math.sqrt(p0) + 1e-3,
                   feedback=DelayedFeedback(gain=gain, delay_s=tau), record_every=20)  # fmt: skip
    late = np.abs(run.power[0, run.times_s > 38 * tau] - p0).max()
    assert (late < 1e-3) == decays


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"duration_s": 0.0}, "duration_s must be a finite number > 0"),
        ({"current_A": [1e-3] * 3}, r"current_A must be finite, one or 2, got shape \(3,\)"),
        ({"current_A": math.nan}, "current_A must be finite"),
        ({"time_step_s": 1e-6}, r"time_step_s must be > 0 and <= .* got 1e-06; None takes"),
        ({"initial": [1.0]}, r"initial must be finite, one or 2, got shape \(1,\)"),
        ({"num_reads": 0}, "num_reads must be >= 1"),
        ({"seed": -1}, "seed must be >= 0"),
        ({"frame_Hz": 3e8, "injection": Injection(frequency_Hz=3e8, strength_Hz=1.0)},
         "frame_Hz must be left out with a signal"),
        ({"feedback": DelayedFeedback(gain=0.1, delay_s=1e-12)}, "delay_s must be a step at least"),
        ({"feedback": DelayedFeedback(gain=-3e6, delay_s=1e-6), "duration_s": 1.0},
         r"duration_s must ask for at most 1.8e\+13 steps, here 1 s of .* each, got 1.0; shorten"),
        ({"time_step_s": 1e-30}, "time_step_s must ask for at most .* steps, here .* got 1e-30"),
        ({"first_step": 2**44}, "first_step must be <= "),
        ({"feedback": DelayedFeedback(gain=0.1, delay_s=1e-8), "first_step": 5},
         "history must be given with feedback and a first_step; it is run.history"),
        ({"history": np.ones((2, 3))}, "history must go with feedback; leave it out"),
        ({"feedback": DelayedFeedback(gain=0.1, delay_s=6e-9), "time_step_s": 2e-9,
          "history": np.ones((2, 4))},
         r"of shape \(2, 3\), reads and steps of the delay, got shape \(2, 4\)"),
        ({"feedback": DelayedFeedback(gain=0.1, delay_s=6e-9), "time_step_s": 2e-9,
          "history": -np.ones((2, 3))}, "history must be finite, >= 0 and"),
    ],
)  # fmt: skip
def test_arguments_that_are_refused(keywords, message):
    with pytest.raises(ValueError, match=message):
        simulate(OSCILLATOR, **{"duration_s": 1e-7, "current_A": 2e-3, "num_reads": 2} | keywords)


@pytest.mark.parametrize("first_s", [100e-9, 150e-9, 250e-9])  # a delay is 61 steps of 2.5 ns
def test_feedback_goes_on_with_its_history(first_s):
    common = {
        "current_A": 2e-3, "num_reads": 2, "seed": 5, "time_step_s": 2.5e-9,
        "feedback": DelayedFeedback(gain=-0.8, delay_s=61 * 2.5e-9),
    }  # fmt: skip
    whole = simulate(NOISY, 400e-9, initial=0.3, **common)
    first = simulate(NOISY, first_s, initial=0.3, **common)
    goes_on = common | {
        "initial": first.amplitudes[:, -1], "first_step": first.info["num_steps"],
    }  # fmt: skip
    then = simulate(NOISY, 400e-9 - first_s, history=first.history, **goes_on)
    assert then.info["time_step_s"] == whole.info["time_step_s"]
    assert np.array_equal(then.amplitudes, whole.amplitudes)
    assert np.array_equal(then.history, whole.history)
    forgetful = simulate(NOISY, 400e-9 - first_s, history=np.full((2, 61), 0.5), **goes_on)
    assert not np.array_equal(forgetful.amplitudes, whole.amplitudes)


def test_amplitudes_without_end_are_refused():
    noisy = replace(OSCILLATOR, noise_Hz=1e9)
    with pytest.raises(ValueError, match="noise_Hz must keep amplitudes finite, which 3 of 3"):
        simulate(noisy, 1e-5, current_A=2e-3, num_reads=3, seed=1)
    undamped = replace(OSCILLATOR, nonlinear_damping=-0.9)
    with pytest.raises(ValueError, match="time_step_s must keep amplitudes finite, which 1 of 2"):
        simulate(undamped, 1e-4, current_A=[0.0, 2e-3], num_reads=2, initial=2.0)


def test_what_records_refuse():
    run = simulate(OSCILLATOR, 1e-7, current_A=2e-3)
    with pytest.raises(ValueError, match="from_s must leave two recorded times, got 0"):
        run.frequencies_Hz()
    assert run.envelope_V[0, 0] == pytest.approx(math.sqrt(0.4), rel=1e-3)
    with pytest.raises(ValueError, match="delay_s must be a finite number > 0"):
        DelayedFeedback(gain=1.0, delay_s=0.0)
