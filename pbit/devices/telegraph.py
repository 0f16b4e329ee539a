"""Simulated telegraphs of a junction: switching times, exact in law, for any drive.

Two simulations that share no random number and must agree: :func:`telegraph` draws dwell times,
:func:`sampled` steps with the exact propagator. A drive is piecewise constant: currents of equal
``segment_s``, over again when they are used up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, integer
from pbit.devices.laws.telegraph_law import flip_probabilities
from pbit.devices.mtj import FloatArray, Junction
from pbit.devices.quantities import number
from pbit.kernels.devices.telegraph import fill_initial, run_steps, run_telegraph
from pbit.seeds import seed_or_fresh

SpinArray = npt.NDArray[np.int8]

MAX_SWITCHES = 3 * 10**7
_MOST_READS = 2**31
_MOST_STATES = 2**32  # bytes
_MOST_SEGMENTS = 10**10


@dataclass(frozen=True, eq=False)
class Telegraph(ByValue):
    """Traces of ``num_reads`` independent junctions.

    Parameters
    ----------
    initial_states : int8, shape (num_reads,)
    switches_s : float64, shape (offsets[-1],)
        Times of all switches, in order; those of read k from ``offsets[k]`` to ``offsets[k + 1]``.
    offsets : int64, shape (num_reads + 1,)
    time_P_s : float64, shape (num_reads,)
        Time spent in P.
    duration_s : float
    seed : int
    """

    initial_states: SpinArray
    switches_s: FloatArray
    offsets: npt.NDArray[np.int64]
    time_P_s: FloatArray
    duration_s: float
    seed: int

    @property
    def num_switches(self) -> npt.NDArray[np.int64]:
        """Switches of each read, int64 (num_reads,)."""
        return np.diff(self.offsets)

    @property
    def means(self) -> FloatArray:
        """Time average of the state of each read, float64 (num_reads,)."""
        return np.asarray(2 * self.time_P_s / self.duration_s - 1)

    @property
    def final_states(self) -> SpinArray:
        """States at the end, int8 (num_reads,)."""
        return np.where(self.num_switches & 1, -self.initial_states, self.initial_states)

    def switches_of(self, read: int) -> FloatArray:
        """Switching times of one read, a view."""
        return self.switches_s[self.offsets[read] : self.offsets[read + 1]]

    def states_at(self, times_s: npt.ArrayLike) -> SpinArray:
        """States at these times, int8 (num_reads, times); at a switch the new state.

        Examples
        --------
        >>> trace = telegraph(Junction(8.0), duration_s=1e-3, num_reads=2, seed=1)
        >>> bool((trace.states_at([0.0])[:, 0] == trace.initial_states).all())
        True
        """
        times = np.asarray(times_s, dtype=np.float64)
        states = np.empty((self.initial_states.size, times.size), dtype=np.int8)
        for k, initial in enumerate(self.initial_states):
            odd = np.searchsorted(self.switches_of(k), times, side="right") & 1
            states[k] = np.where(odd, -initial, initial)
        return states

    def dwell_times_s(self, state: int) -> FloatArray:
        """All complete dwell times in P (state +1) or AP (-1), without first and last ones.

        Examples
        --------
        >>> trace = telegraph(Junction(8.0), duration_s=0.1, seed=1)
        >>> f"{trace.dwell_times_s(+1).mean():.1e} s"
        '3.0e-06 s'
        """
        if state not in (-1, 1):
            raise ArgumentError("state", "must be +1 or -1", state, remedy="+1 is P and -1 is AP")
        pieces = []
        for k, initial in enumerate(self.initial_states):
            # The first switch leaves the initial state, so the first whole dwell is in the other.
            pieces.append(np.diff(self.switches_of(k))[0 if state != initial else 1 :: 2])
        return np.concatenate(pieces)


def telegraph(
    junction: Junction,
    currents_A: npt.ArrayLike = 0.0,
    *,
    duration_s: float,
    segment_s: float | None = None,
    num_reads: int = 1,
    seed: int | None = None,
    initial_states: npt.ArrayLike | None = None,
    first_read: int = 0,
) -> Telegraph:
    """Traces by their dwell times, exact for any constant or stepwise current.

    Parameters
    ----------
    junction : Junction
    currents_A : float, or float of shape (segments,)
    duration_s : float
        Of each trace.
    segment_s : float, optional
        Of each current; the drive is periodic. Wanted if there are several.
    num_reads : int
        Independent junctions.
    seed : int, optional
        0 to 2**64 - 1; drawn if None. Read k does not depend on how many there are.
    initial_states : int8 of shape (num_reads,), or +1 or -1, optional
        By default of the stationary law of the first current.
    first_read : int
        Number of the first read in the random stream: more reads of the same seed.

    Returns
    -------
    Telegraph

    Raises
    ------
    ValueError
        A duration that lets expect more than 3e7 switches; several currents without a
        ``segment_s``; states that are not +1 or -1; anything out of range.
    TypeError
        Numbers that are none.

    Examples
    --------
    >>> trace = telegraph(Junction(8.0), 1e-6, duration_s=0.1, num_reads=4, seed=1)
    >>> bool(abs(trace.means - Junction(8.0).mean(1e-6)).max() < 0.02)
    True
    """
    number("duration_s", duration_s, (">", 0.0), remedy="take some mean dwell times")
    currents = _currents(currents_A)
    segment = _segment(segment_s, currents.size, duration_s)
    reads = integer("num_reads", num_reads, 1, _MOST_READS)
    seed = seed_or_fresh(seed, bits=63)
    first = integer("first_read", first_read, 0, _MOST_READS)
    key = (first, *_key(seed))
    initial = _initial(junction, currents, reads, initial_states, key)
    rates = np.stack(junction.rates_Hz(currents), axis=1)
    _check_work(rates, reads, segment_s=segment, duration_s=duration_s)

    counts, time_P = np.empty(reads, dtype=np.int64), np.empty(reads)
    offsets = np.zeros(reads + 1, dtype=np.int64)

    def run(switches: FloatArray) -> None:
        times = (segment, float(duration_s))
        arrays = (initial, offsets, switches, counts, time_P)
        run_telegraph(rates, times, *arrays, *key)

    run(np.empty(0))
    np.cumsum(counts, out=offsets[1:])
    switches = np.empty(offsets[-1])
    if switches.size:
        run(switches)
    return Telegraph(initial, switches, offsets, time_P, float(duration_s), seed)


def sampled(
    junction: Junction,
    currents_A: npt.ArrayLike = 0.0,
    *,
    step_s: float,
    num_steps: int,
    num_reads: int = 1,
    seed: int | None = None,
    initial_states: npt.ArrayLike | None = None,
) -> SpinArray:
    """States after every step, exact in law for any step: int8 (num_reads, num_steps).

    Parameters
    ----------
    junction : Junction
    currents_A : float, or float of shape (segments,)
        Current of every step, over again when they are used up.
    step_s : float
    num_steps, num_reads : int
    seed, initial_states
        As in :func:`telegraph`, whose random numbers are others.

    Raises
    ------
    ValueError, TypeError
        As in :func:`telegraph`.

    Examples
    --------
    >>> states = sampled(Junction(8.0), step_s=1e-6, num_steps=10_000, seed=1)
    >>> states.shape, bool(abs(states.mean()) < 0.1)
    ((1, 10000), True)
    """
    number("step_s", step_s, (">", 0.0), remedy="take a part of the correlation time")
    reads = integer("num_reads", num_reads, 1, _MOST_READS)
    steps = integer("num_steps", num_steps, 1, _MOST_STATES // reads)
    currents = _currents(currents_A)
    seed = seed_or_fresh(seed, bits=63)
    key = (0, *_key(seed))
    initial = _initial(junction, currents, reads, initial_states, key)
    flips = np.stack(flip_probabilities(junction, step_s, currents), axis=1)
    states = np.empty((reads, steps), dtype=np.int8)
    run_steps(flips, initial, states, *key)
    return states


def _key(seed: int) -> tuple[int, int]:
    return seed & 0xFFFFFFFF, seed >> 32


def _currents(values: npt.ArrayLike) -> FloatArray:
    currents = np.atleast_1d(np.asarray(values, dtype=np.float64))
    if currents.ndim != 1 or not currents.size or not np.isfinite(currents).all():
        raise ArgumentError(
            "currents_A",
            "must be finite numbers of shape (segments,)",
            got=f"shape {currents.shape}",
            remedy="give one current or one a segment",
        )
    return currents


def _segment(segment_s: float | None, num_currents: int, duration_s: float) -> float:
    """Length of a segment; one as long as all where the current is constant."""
    if segment_s is None and num_currents > 1:
        raise ArgumentError(
            "segment_s",
            f"must be given for {num_currents} currents",
            got="None",
            remedy="it is how long each one lasts",
        )
    if num_currents == 1:
        return float(duration_s)
    return number("segment_s", segment_s, (">", 0.0), remedy="it is how long each current lasts")


def _initial(
    junction: Junction, currents: FloatArray, reads: int, states: Any, key: tuple[int, int, int]
) -> SpinArray:
    initial = np.empty(reads, dtype=np.int8)
    if states is None:
        fill_initial(initial, (1 + float(junction.mean(currents[0]))) / 2, *key)
        return initial
    given = np.asarray(states)
    if given.shape not in ((), (reads,)) or not np.isin(given, (-1, 1)).all():
        raise ArgumentError(
            "initial_states",
            f"must be +1 or -1, one or shape ({reads},)",
            got=f"shape {given.shape}",
            remedy="None draws them from the stationary law",
        )
    initial[:] = given
    return initial


def _check_work(rates: FloatArray, reads: int, *, segment_s: float, duration_s: float) -> None:
    """Refuse what would not fit, before it is begun."""
    segments = duration_s / segment_s
    with np.errstate(divide="ignore"):
        steady = float(np.mean(2 / (1 / rates[:, 0] + 1 / rates[:, 1])))
    # One switch a segment may come on top, where the drive carries the junction over.
    extra = 0.0 if len(rates) == 1 else min(segments, duration_s * float(rates.max()))
    expected = reads * (duration_s * steady + extra)
    if expected > MAX_SWITCHES:
        raise ArgumentError(
            "duration_s",
            f"must let expect at most {MAX_SWITCHES:.0e} switches",
            got=f"{duration_s:g} with {expected:.2g}",
            remedy="take a shorter one, fewer reads or a higher barrier",
        )
    if reads * segments > _MOST_SEGMENTS:
        raise ArgumentError(
            "duration_s",
            f"must last at most {_MOST_SEGMENTS:.0e} segments of all reads",
            got=f"{duration_s:g} with {reads * segments:.2g}",
            remedy="take a shorter one or fewer reads",
        )
