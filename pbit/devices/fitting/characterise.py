"""What a measurement of one junction would show, next to its closed forms."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, integer
from pbit.devices.fitting.estimates import Estimate, correlation_time, mean_of_reads
from pbit.devices.laws.telegraph_law import correlation_time_s, cycle_rate_Hz, dwell_times_s
from pbit.devices.mtj import FloatArray, Junction
from pbit.devices.quantities import number
from pbit.devices.telegraph import SpinArray, Telegraph, telegraph
from pbit.seeds import seed_or_fresh

_STEPS_A_TAU = 8  # samples in one correlation time
_MOST_STEPS = 2**16
_CORRELATION_TIMES, _CYCLES = 5000, 300  # what a trace should hold at least
_FEWEST_SWITCHES = 100  # that tell a correlation time
_RESOLUTION = 1e-12
_READS_APART = 2**16
_INPUTS = np.linspace(-4.0, 4.0, 17)
_MOST_DRIVE = 0.95


@dataclass(frozen=True, eq=False)
class Characterisation(ByValue):
    """Independent traces of a junction at one current, and what they tell.

    Parameters
    ----------
    junction : Junction
    current_A : float
    trace : Telegraph
    states : int8, shape (num_reads, steps)
        The traces at multiples of ``step_s``, eight in a correlation time, 65536 at most.
    step_s : float
    mean, cycle_rate_Hz, dwell_P_s, dwell_AP_s, correlation_time_s : Estimate
        By simulation; NaN where the traces do not tell.
    """

    junction: Junction
    current_A: float
    trace: Telegraph
    states: SpinArray
    step_s: float
    mean: Estimate
    cycle_rate_Hz: Estimate
    dwell_P_s: Estimate
    dwell_AP_s: Estimate
    correlation_time_s: Estimate

    def closed_forms(self) -> dict[str, float]:
        """The same five numbers by their closed forms.

        Examples
        --------
        >>> result = characterise(Junction(8.0), duration_s=1e-3, num_reads=4, seed=1)
        >>> f"{result.closed_forms()['dwell_P_s']:.3g}"
        '2.98e-06'
        """
        P, AP = dwell_times_s(self.junction, self.current_A)
        return {
            "mean": float(self.junction.mean(self.current_A)),
            "cycle_rate_Hz": float(cycle_rate_Hz(self.junction, self.current_A)),
            "dwell_P_s": float(P),
            "dwell_AP_s": float(AP),
            "correlation_time_s": float(correlation_time_s(self.junction, self.current_A)),
        }


def characterise(
    junction: Junction,
    current_A: float = 0.0,
    *,
    duration_s: float | None = None,
    num_reads: int = 32,
    seed: int | None = None,
) -> Characterisation:
    """Simulated mean, cycle rate, dwell times and correlation time, with standard errors.

    Parameters
    ----------
    junction : Junction
    current_A : float
    duration_s : float, optional
        Of each of ``num_reads`` traces; by default 5000 correlation times and 300 cycles.
    num_reads : int
    seed : int, optional

    Raises
    ------
    ValueError, TypeError
        As :func:`pbit.devices.telegraph.telegraph`; a current under which a dwell time is beyond
        the largest number.

    Examples
    --------
    >>> result = characterise(Junction(8.0), 1e-6, seed=1)
    >>> mean = result.mean
    >>> bool(abs(mean.value - result.closed_forms()["mean"]) < 5 * mean.error)
    True
    """
    number("current_A", current_A, remedy="units are ampere")
    tau = float(correlation_time_s(junction, current_A))
    rate = float(cycle_rate_Hz(junction, current_A))
    if rate == 0:
        raise ArgumentError(
            "current_A", "must let both states end some day", current_A, remedy="take a smaller one"
        )
    if duration_s is None:
        duration_s = max(_CORRELATION_TIMES * tau, _CYCLES / rate)
    trace = telegraph(junction, current_A, duration_s=duration_s, num_reads=num_reads, seed=seed)
    step = tau / _STEPS_A_TAU
    steps = int(min(_MOST_STEPS, max(2 * _STEPS_A_TAU, duration_s / step)))
    states = trace.states_at(np.arange(steps) * min(step, duration_s / steps))
    step = min(step, duration_s / steps)
    return Characterisation(
        junction,
        current_A,
        trace,
        states,
        step,
        mean=mean_of_reads(trace.means),
        cycle_rate_Hz=mean_of_reads(trace.num_switches / (2 * duration_s)),
        dwell_P_s=_dwell(trace, +1),
        dwell_AP_s=_dwell(trace, -1),
        correlation_time_s=_correlation_time(junction, current_A, states, step),
    )


def _correlation_time(
    junction: Junction, current_A: float, states: SpinArray, step_s: float
) -> Estimate:
    if np.count_nonzero(np.diff(states)) < _FEWEST_SWITCHES:
        return Estimate(math.nan, math.nan)
    mean = float(junction.mean(current_A))
    return correlation_time(states, step_s=step_s, lag=_STEPS_A_TAU, mean=mean)


def _dwell(trace: Telegraph, state: int) -> Estimate:
    """Time in a state over the exits from it, which whole dwells alone would bias downwards."""
    time_P = trace.time_P_s.sum()
    total = time_P if state == 1 else trace.duration_s * trace.initial_states.size - time_P
    switches = trace.num_switches
    exits = int(((switches + (trace.initial_states == state)) // 2).sum())
    # Beyond that, the sum of the other state's dwell times has lost the digits of this one's.
    if not exits or total / exits < _RESOLUTION * trace.duration_s:
        return Estimate(math.nan, math.nan)
    # Dwell times are exponential: as many standard errors as a Poisson count has.
    return Estimate(total / exits, total / exits / math.sqrt(exits))


@dataclass(frozen=True, eq=False)
class Transfer(ByValue):
    """Mean state against current: float64 of shape (currents,) each."""

    currents_A: FloatArray
    means: FloatArray
    errors: FloatArray


def transfer_curve(
    junction: Junction,
    *,
    num_reads: int = 16,
    cycles: float = 40.0,
    seed: int | None = None,
    each: Callable[[float], None] = lambda fraction: None,
) -> Transfer:
    """Simulated transfer curve where the p-bit's input goes from -4 to 4, at 17 currents.

    Parameters
    ----------
    junction : Junction
    num_reads : int
        Traces a current, 65536 at most.
    cycles : float
        Length of each trace in mean cycles of its current.
    seed : int, optional
    each : callable
        Called with the fraction done.

    Raises
    ------
    ValueError, TypeError
        As :func:`pbit.devices.telegraph.telegraph`.

    Examples
    --------
    >>> curve = transfer_curve(Junction(8.0), seed=1)
    >>> bool((abs(curve.means - Junction(8.0).mean(curve.currents_A)) < 0.2).all())
    True
    """
    integer("num_reads", num_reads, 1, _READS_APART)
    seed = seed_or_fresh(seed, bits=63)
    scale = junction.barrier_exponent * junction.barrier
    drives = np.clip(_INPUTS / scale, -_MOST_DRIVE, _MOST_DRIVE) - junction.asymmetry
    currents = np.unique(drives) * junction.critical_current_A
    estimates = []
    for k, current in enumerate(currents):
        duration = cycles / float(cycle_rate_Hz(junction, current))
        trace = telegraph(
            junction,
            current,
            duration_s=duration,
            num_reads=num_reads,
            seed=seed,
            first_read=(k + 1) * _READS_APART,
        )
        estimates.append(mean_of_reads(trace.means))
        each((k + 1) / currents.size)
    values, errors = np.array(estimates).T
    return Transfer(currents, values, errors)
