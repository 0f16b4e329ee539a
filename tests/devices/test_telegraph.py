"""Simulated telegraphs against exact laws and a slow reference.

False alarms: every statistical check is made at 1e-6 / 40, for less than 1e-6 in the whole file
(chi-square with cells of 50 and more, z-tests with Student's t of independent reads). Each has a
control with a planted error that must fail it.
"""

import math

import numpy as np
import pytest
from scipy import stats

from naive import MASK, ars
from pbit.devices.fitting.estimates import correlation_time, mean_of_reads, periodogram
from pbit.devices.laws.telegraph_law import (
    autocovariance,
    correlation_time_s,
    cycle_rate_Hz,
    dwell_times_s,
    flip_probabilities,
    spectrum_per_Hz,
)
from pbit.devices.mtj import Junction
from pbit.devices.telegraph import sampled, telegraph
from pbit.statistics import chi_square_p_value

ALPHA = 1e-6 / 40
READS = 65536
JUNCTION = Junction(8.0)
TAU = float(correlation_time_s(JUNCTION))
TELEGRAPH, START = 6, 1


def t_test(values, expected):
    """Two-sided p-value of the mean of independent reads."""
    estimate = mean_of_reads(values)
    score = abs(estimate.value - expected) / estimate.error
    return 2 * stats.t.sf(score, np.size(values) - 1)


# The same in plain Python.


def naive_uniform(seed, read, number, draw, purpose=TELEGRAPH):
    counter = (number // 4, 0, read, purpose << 28 | draw)
    word = ars(counter, (seed & MASK, seed >> 32))[number % 4]
    return (word + 0.5) / 2**32


def naive_switches(junction, currents, segment, duration, *, read, seed):
    up = naive_uniform(seed, read, 0, 0, START) < (1 + junction.mean(currents[0])) / 2
    start, switches, k, within = (1 if up else -1), [], 0, 0.0
    for dwell in range(10**6):
        hazard = -math.log(naive_uniform(seed, read, dwell, 0))
        while True:
            if k * segment >= duration:
                return start, switches
            rate = float(junction.rates_Hz(currents[k % len(currents)])[0 if up else 1])
            if hazard <= rate * (segment - within):
                break
            hazard -= rate * (segment - within)
            k, within = k + 1, 0.0
        within += hazard / rate
        if k * segment + within >= duration:
            return start, switches
        switches.append(k * segment + within)
        up = not up
    raise AssertionError("too long for this reference")


@pytest.mark.parametrize("currents", [[0.0], [1e-6], [2e-6, -1e-6, 0.0]])
def test_switches_equal_the_reference(currents):
    seed, segment, duration = 2**40 + 3, 3.1e-6, 1e-4
    trace = telegraph(
        JUNCTION, currents, duration_s=duration, segment_s=segment, num_reads=5, seed=seed
    )
    for read in range(5):
        length = segment if len(currents) > 1 else duration
        start, switches = naive_switches(JUNCTION, currents, length, duration, read=read, seed=seed)
        assert trace.initial_states[read] == start
        assert np.allclose(trace.switches_of(read), switches, rtol=1e-12, atol=0)
        assert len(switches) > 5


def test_steps_equal_the_reference():
    currents, step, seed = [2e-6, -1e-6, 0.0], 1e-6, 2**40 + 3
    states = sampled(JUNCTION, currents, step_s=step, num_steps=50, num_reads=3, seed=seed)
    flips = np.stack(flip_probabilities(JUNCTION, step, currents), axis=1)
    for read in range(3):
        up = naive_uniform(seed, read, 0, 0, START) < (1 + JUNCTION.mean(currents[0])) / 2
        for k in range(50):
            if naive_uniform(seed, read, k, 1) < flips[k % 3, 0 if up else 1]:
                up = not up
            assert states[read, k] == (1 if up else -1)


# Exact laws.

DRIVE = [3e-6, -1e-6, 0.5e-6]
STEPS = 5


def law_after(flips, start, steps):
    """Probabilities of AP and P after these steps from a state."""
    law = np.array([1.0, 0.0]) if start == -1 else np.array([0.0, 1.0])
    for k in range(steps):
        from_P, from_AP = (float(p[k % len(p)]) for p in flips)
        law = law @ np.array([[1 - from_AP, from_AP], [from_P, 1 - from_P]])
    return law


@pytest.mark.parametrize("start", [-1, 1])
@pytest.mark.parametrize("step", [0.2, 1.0])
def test_both_simulations_follow_the_exact_law(start, step):
    """States after five steps of a drive, from a known state."""
    step_s = step * TAU
    by_steps = sampled(JUNCTION, DRIVE, step_s=step_s, num_steps=STEPS, num_reads=READS, seed=5,
                       initial_states=start)[:, -1]  # fmt: skip
    by_dwells = telegraph(JUNCTION, DRIVE, duration_s=STEPS * step_s, segment_s=step_s,
                          num_reads=READS, seed=6, initial_states=start).final_states  # fmt: skip
    law = law_after(flip_probabilities(JUNCTION, step_s, DRIVE), start, STEPS)
    hot = law_after(flip_probabilities(Junction(7.2), step_s, DRIVE), start, STEPS)
    one_way = [-np.expm1(-rate * step_s) for rate in JUNCTION.rates_Hz(DRIVE)]
    for states in (by_steps, by_dwells):
        assert chi_square_p_value((states + 1) // 2, law) > ALPHA
        assert chi_square_p_value((states + 1) // 2, hot) < ALPHA
        missed = chi_square_p_value((states + 1) // 2, law_after(one_way, start, STEPS))
        assert step < 1 or missed < ALPHA  # short steps hardly see the returns


@pytest.mark.parametrize("state", [1, -1])
def test_dwell_times_are_exponential(state):
    """A fixed number of dwells a read: those that fit a window would be too short."""
    current, count = 1e-6, 60
    trace = telegraph(JUNCTION, current, duration_s=3e-3, num_reads=400, seed=7)
    assert trace.num_switches.min() > 2 * count + 3
    dwells = []
    for k, initial in enumerate(trace.initial_states):
        first = 0 if initial != state else 1
        dwells.append(np.diff(trace.switches_of(k))[first : first + 2 * count : 2])
    mean = float(dwell_times_s(JUNCTION, current)[0 if state == 1 else 1])
    law = np.full(100, 0.01)

    def p_value(tau):
        return chi_square_p_value((-np.expm1(-np.concatenate(dwells) / tau) * 100).astype(int), law)

    assert p_value(mean) > ALPHA
    assert p_value(1.1 * mean) < ALPHA
    assert np.isin(dwells[0], trace.dwell_times_s(state)).all()


@pytest.mark.parametrize(("exponent", "gain"), [(1.0, 1), (2.0, 2)])
@pytest.mark.parametrize("drive", [-0.1, 0.05, 0.2])
def test_time_averages_follow_the_tanh(exponent, gain, drive):
    junction = Junction(8.0, barrier_exponent=exponent)
    current = drive * junction.critical_current_A
    length = 2000 * float(correlation_time_s(junction, current))
    means = telegraph(junction, current, duration_s=length, num_reads=256, seed=8).means
    assert t_test(means, math.tanh(gain * 8 * drive)) > ALPHA
    assert t_test(means, math.tanh((3 - gain) * 8 * drive)) < ALPHA


@pytest.mark.parametrize("current", [0.0, 2e-6])
def test_cycle_rate(current):
    rate = float(cycle_rate_Hz(JUNCTION, current))
    trace = telegraph(JUNCTION, current, duration_s=100 / rate, num_reads=256, seed=9)
    cycles = trace.num_switches / 2 / trace.duration_s
    assert t_test(cycles, rate) > ALPHA
    assert t_test(cycles, 1.1 * rate) < ALPHA


@pytest.fixture(scope="module")
def recorded():
    """256 traces of 4096 samples, 8 in a correlation time, at a mean of 0.66."""
    current = 1e-6
    tau = float(correlation_time_s(JUNCTION, current))
    trace = telegraph(JUNCTION, current, duration_s=512 * tau, num_reads=256, seed=10)
    return current, tau, trace.states_at(np.arange(4096) * tau / 8)


def test_autocovariance(recorded):
    current, tau, states = recorded
    x = states - float(JUNCTION.mean(current))
    for lag in (0, 4, 8, 20):
        products = (x[:, lag:] * x[:, : 4096 - lag]).mean(axis=1)
        exact = float(autocovariance(JUNCTION, lag * tau / 8, current_A=current))
        assert t_test(products, exact) > ALPHA
        slow = float(autocovariance(JUNCTION, lag * tau / 16, current_A=current))
        assert lag == 0 or t_test(products, slow) < ALPHA


def test_correlation_time(recorded):
    current, tau, states = recorded
    mean = float(JUNCTION.mean(current))
    estimate = correlation_time(states, step_s=tau / 8, lag=8, mean=mean)
    score = 5.7  # of a t distribution of 255 degrees of freedom: 3.2e-8
    assert abs(estimate.value - tau) < score * estimate.error
    assert abs(estimate.value - 1.1 * tau) > score * estimate.error


def expected_periodogram(tau_steps, variance, *, steps, step_s):
    """Exact mean of the periodogram of so many samples of an exponential covariance."""
    lags = np.arange(steps)
    covariance = variance * np.exp(-lags / tau_steps) * (1 - lags / steps)
    total = 2 * np.fft.rfft(covariance).real - covariance[0]
    return 2 * step_s * total[1 : (steps + 1) // 2]


def test_spectrum(recorded):
    current, tau, states = recorded
    mean = float(JUNCTION.mean(current))
    frequencies, density, error = periodogram(states, step_s=tau / 8, mean=mean)
    exact = expected_periodogram(8, 1 - mean**2, steps=4096, step_s=tau / 8)
    slow = expected_periodogram(16, 1 - mean**2, steps=4096, step_s=tau / 8)
    # Below an eighth of the sampling rate the Lorentzian is 6 % low at most, for what is folded
    # back, and half a per cent high at the bottom, for the finite length.
    low = frequencies <= 1 / tau
    lorentzian = spectrum_per_Hz(JUNCTION, frequencies, current_A=current)
    assert -0.06 < (lorentzian / exact - 1)[low].min() < (lorentzian / exact - 1)[low].max() < 0.005

    def worst(law):  # bins of 64 frequencies: their means are nearly normal
        bins = slice(0, 31 * 64)
        means = (density - law)[bins].reshape(31, 64).mean(axis=1)
        errors = np.sqrt((error[bins] ** 2).reshape(31, 64).mean(axis=1) / 64)
        return np.abs(means / errors).max()

    score = stats.norm.isf(ALPHA / 2 / 31)
    assert worst(exact) < score
    assert worst(slow) > score


# Driven junctions.


def mean_under_drive(junction, currents, segment_s):
    """Periodic mean of the state at the beginning of each segment, exact."""
    flips = np.stack(flip_probabilities(junction, segment_s, currents), axis=1)
    slope, shift = 1.0, 0.0
    for from_P, from_AP in flips:
        decay = 1 - from_P - from_AP
        slope, shift = slope * decay, shift * decay + (from_AP - from_P)
    means = [shift / (1 - slope)]
    for from_P, from_AP in flips[:-1]:
        means.append(means[-1] * (1 - from_P - from_AP) + (from_AP - from_P))
    return np.array(means)


def resonance(barrier, *, seed, periods=40, reads=64):
    """Correlation of state and drive read by read, and the exact value."""
    junction = Junction(barrier)
    drive = np.sin(2 * np.pi * (np.arange(64) + 0.5) / 64)
    segment = 1e-3 / 64
    currents = 0.25 * junction.critical_current_A * drive
    trace = telegraph(junction, currents, duration_s=periods * 1e-3, segment_s=segment,
                      num_reads=reads, seed=seed)  # fmt: skip
    states = trace.states_at(np.arange(8 * 64, periods * 64) * segment)
    weights = np.tile(drive, periods - 8) / math.sqrt(np.mean(drive**2))
    exact = (mean_under_drive(junction, currents, segment) * drive).mean()
    return (states * weights).mean(axis=1), exact / math.sqrt(np.mean(drive**2))


def test_stochastic_resonance():
    """The answer to a weak drive is best at a barrier in between, near 10 kT at 1 kHz."""
    barriers = (8.0, 10.0, 12.0, 15.0)
    results = [resonance(barrier, seed=11) for barrier in barriers]
    for correlations, exact in results:
        assert t_test(correlations, exact) > ALPHA
        assert t_test(correlations, 1.3 * exact) < ALPHA
    exact = [value for _, value in results]
    assert exact[1] == max(exact)
    simulated = [correlations.mean() for correlations, _ in results]
    assert np.argmax(simulated) == 1


def locked_ratio(drive, *, seed):
    """Mean frequency over that of a square drive of 100 Hz, read by read, and the exact one."""
    junction = Junction(22.0)
    currents = drive * junction.critical_current_A * np.array([1.0, -1.0])
    periods, segment = 50, 5e-3
    trace = telegraph(junction, currents, duration_s=periods * 1e-2, segment_s=segment,
                      num_reads=128, seed=seed, initial_states=-1)  # fmt: skip
    # Exact: switches are half the transitions' rate over the path of the mean from AP.
    total, m = 0.0, -1.0
    for k in range(2 * periods):
        from_P, from_AP = (float(rate) for rate in junction.rates_Hz(currents[k % 2]))
        rate, limit = from_P + from_AP, float(junction.mean(currents[k % 2]))
        area = limit * segment + (m - limit) * -math.expm1(-rate * segment) / rate
        total += (from_P + from_AP) / 2 * segment + (from_P - from_AP) / 2 * area
        m = limit + (m - limit) * math.exp(-rate * segment)
    return trace.num_switches / 2 / periods, total / 2 / periods


def test_phase_locking():
    """The mean frequency rises with the drive and stays at the drive's own: a plateau."""
    ratios = []
    for drive in (0.2, 0.3, 0.4, 0.5, 0.6):
        switches, exact = locked_ratio(drive, seed=12)
        ratios.append(switches.mean())
        if drive <= 0.3:  # above, most reads are locked alike and no t-test applies
            assert t_test(switches, exact) > ALPHA
            assert t_test(switches, 1.5 * exact) < ALPHA
        else:  # at 0.4 one of 10^4 half periods is missed: 12 of 12800 have a chance below 1e-8
            assert switches.mean() == pytest.approx(exact, abs=0.002)
    assert ratios[0] < 0.1 and 0.4 < ratios[1] < 0.6
    assert all(abs(ratio - 1) < 0.01 for ratio in ratios[2:])


# Reproducibility and limits.


def test_reads_do_not_depend_on_how_many_or_how_long():
    few = telegraph(JUNCTION, 1e-6, duration_s=1e-4, num_reads=3, seed=13)
    many = telegraph(JUNCTION, 1e-6, duration_s=2e-4, num_reads=5, seed=13)
    rest = telegraph(JUNCTION, 1e-6, duration_s=1e-4, num_reads=1, seed=13, first_read=2)
    for read in range(3):
        longer = many.switches_of(read)
        assert (few.switches_of(read) == longer[longer < 1e-4]).all()
    assert (few.switches_of(2) == rest.switches_of(0)).all()
    assert few.initial_states[2] == rest.initial_states[0]
    other = telegraph(JUNCTION, 1e-6, duration_s=1e-4, num_reads=3, seed=14)
    assert not np.array_equal(other.switches_s, few.switches_s)


def test_fresh_seeds_are_told_and_differ():
    first, second = (telegraph(JUNCTION, duration_s=1e-4) for _ in range(2))
    assert first.seed != second.seed
    again = telegraph(JUNCTION, duration_s=1e-4, seed=first.seed)
    assert (again.switches_s == first.switches_s).all()


def test_books_agree_with_the_switches():
    trace = telegraph(JUNCTION, 5e-7, duration_s=2e-4, num_reads=4, seed=15)
    for read in range(4):
        times = np.concatenate([[0.0], trace.switches_of(read), [2e-4]])
        signs = trace.initial_states[read] * (-1.0) ** np.arange(times.size - 1)
        assert trace.means[read] == pytest.approx((signs * np.diff(times)).sum() / 2e-4)
        assert trace.final_states[read] == signs[-1]
        assert (trace.states_at((times[:-1] + times[1:]) / 2)[read] == signs).all()


def test_what_cannot_switch_does_not():
    stuck = telegraph(Junction(500.0), [0.0, 1e-6], duration_s=1.0, segment_s=0.1, seed=1)
    assert stuck.switches_s.size == 0 and abs(stuck.means[0]) == 1
    stuck = telegraph(Junction(500.0, barrier_exponent=2.0), 9e-6, duration_s=1.0, seed=1)
    assert (stuck.final_states == 1).all() and stuck.dwell_times_s(1).size == 0
    states = sampled(Junction(500.0), step_s=1.0, num_steps=9, seed=1, initial_states=-1)
    assert (states == -1).all()


def test_estimates_of_nothing():
    still = correlation_time(np.ones((4, 50)), step_s=1.0, lag=3, mean=0.5)
    assert math.isnan(still.value)
    alone = mean_of_reads([2.0])
    assert alone.value == 2.0 and math.isnan(alone.error)
    _, _, error = periodogram(np.ones((1, 9)), step_s=1.0, mean=0.0)
    assert np.isnan(error).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"duration_s": 0.0}, "duration_s must be a finite number > 0"),
        ({"duration_s": 1e3}, r"at most 3e\+07 switches, got 1000 with 3.4e\+08"),
        ({"currents_A": [0.0, 1e-6]}, "segment_s must be given for 2 currents, got None"),
        ({"currents_A": [0.0, 1e-6], "segment_s": 0.0}, "segment_s must be a finite number > 0"),
        ({"currents_A": [0.0, 1e-7], "segment_s": 1e-15}, r"at most 1e\+10 segments of all reads"),
        ({"currents_A": [[0.0]]}, r"currents_A must be finite numbers of shape \(segments,\)"),
        ({"currents_A": math.nan}, "currents_A must be finite numbers"),
        ({"num_reads": 0}, "num_reads must be >= 1"),
        ({"seed": -1}, "seed must be >= 0"),
        ({"initial_states": 0}, r"initial_states must be \+1 or -1, one or shape \(1,\)"),
        ({"initial_states": [1, 1]}, "None draws them from the stationary law"),
        ({"first_read": -1}, "first_read must be >= 0"),
    ],
)
def test_telegraph_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        telegraph(JUNCTION, **({"duration_s": 1e-4} | arguments))


def test_sampled_and_dwell_times_refuse():
    with pytest.raises(TypeError, match=r"num_reads must be an integer, got 1\.5"):
        sampled(JUNCTION, step_s=1e-6, num_steps=1, num_reads=1.5)
    with pytest.raises(ValueError, match="step_s must be a finite number > 0"):
        sampled(JUNCTION, step_s=0.0, num_steps=1)
    with pytest.raises(ValueError, match="num_steps must be <= 4096"):
        sampled(JUNCTION, step_s=1e-6, num_steps=2**12 + 1, num_reads=2**20)
    with pytest.raises(ValueError, match=r"state must be \+1 or -1, got 0; \+1 is P"):
        telegraph(JUNCTION, duration_s=1e-5, seed=1).dwell_times_s(0)
