"""Bars that move along lanes, as the events of a camera that only tells changes: generated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, integer, positive, real
from pbit.seeds import check_seed
from pbit.tasks.split import FloatArray, LabelArray

_JITTER = 0.5  # of an event, in steps of the bar
_QUIET = 0.5  # between two bars of a lane, in passages


@dataclass(frozen=True, eq=False)
class MovingBars(ByValue):
    """Events of pixels and the passages of bars that they come from.

    Parameters
    ----------
    times_s : float64, shape (events,)
        Ascending.
    addresses : int64, shape (events,)
        Pixel, row by row.
    lanes : int64, shape (passages,)
    starts_s, ends_s : float64, shape (passages,)
        From the first to the last event of each passage, jitter included.
    shape : (int, int)
        Rows and columns of pixels.
    """

    times_s: FloatArray
    addresses: LabelArray
    lanes: LabelArray
    starts_s: FloatArray
    ends_s: FloatArray
    shape: tuple[int, int]

    def busy(self, times_s: npt.ArrayLike, *, later_s: float = 0.0) -> npt.NDArray[np.bool_]:
        """Which lanes have a bar at each time, or had one up to ``later_s`` before.

        Returns
        -------
        bool, shape (times, lanes)
        """
        times = np.asarray(times_s, np.float64)
        found = np.zeros((len(times), int(self.lanes.max()) + 1), np.bool_)
        for lane, start, end in zip(self.lanes, self.starts_s, self.ends_s, strict=True):
            found[:, lane] |= (times >= start) & (times <= end + later_s)
        return found


def moving_bars(
    num_lanes: int,
    *,
    passages: int,
    seed: int,
    size: int = 16,
    passage_s: float = 0.16,
    speed_spread: float = 0.2,
    gap_s: float = 3.0,
    noise_Hz: float = 0.0,
) -> MovingBars:
    """Bars as wide as their lane go down it, each row that they reach is an event of its pixels.

    Lanes are bands of columns of a square of pixels. Each has its own traffic, so that bars of
    several lanes are on their way at a time; a lane has one bar at a time.

    Parameters
    ----------
    num_lanes : int
        From 2 to ``size``.
    passages : int
        Of each lane.
    seed : int
    size : int
        Rows and columns of pixels.
    passage_s : float
        How long a bar takes, on average.
    speed_spread : float
        The duration of a passage differs from it by up to this share, evenly.
    gap_s : float
        Mean time between two bars of a lane, on top of half a passage.
    noise_Hz : float
        Rate of events that mean nothing, of each pixel.

    Raises
    ------
    ValueError, TypeError
        Anything out of range.

    Examples
    --------
    >>> bars = moving_bars(4, passages=10, seed=1)
    >>> len(bars.lanes), len(bars.times_s), bars.shape
    (40, 2560, (16, 16))
    """
    integer("num_lanes", num_lanes, 2, integer("size", size, 2, 1024))
    integer("passages", passages, 1)
    positive("passage_s", passage_s)
    positive("gap_s", gap_s)
    if not 0 <= real("speed_spread", speed_spread) < 1:
        raise ArgumentError("speed_spread", "must be >= 0 and < 1", speed_spread)
    if not 0 <= real("noise_Hz", noise_Hz) < float("inf"):
        raise ArgumentError("noise_Hz", "must be >= 0", noise_Hz)
    rng = np.random.default_rng(check_seed(seed))
    durations = passage_s * (1 + speed_spread * rng.uniform(-1, 1, (num_lanes, passages)))
    gaps = rng.exponential(gap_s, durations.shape) + _QUIET * passage_s
    starts = np.cumsum(gaps + durations, axis=1) - durations
    events = [
        _passages(rng, starts[lane], durations[lane], size, columns)
        for lane, columns in enumerate(np.array_split(np.arange(size), num_lanes))
    ]
    last = float((starts + durations).max())
    count = rng.poisson(noise_Hz * size**2 * last)
    events.append((rng.uniform(0, last, count), rng.integers(0, size**2, count)))
    times, addresses = (np.concatenate(each) for each in zip(*events, strict=True))
    order = np.argsort(times, kind="stable")
    return MovingBars(
        times_s=times[order],
        addresses=addresses[order].astype(np.int64),
        lanes=np.repeat(np.arange(num_lanes), passages),
        starts_s=starts.ravel(),
        ends_s=(starts + durations).ravel(),
        shape=(size, size),
    )


def _passages(
    rng: np.random.Generator,
    starts: FloatArray,
    durations: FloatArray,
    size: int,
    columns: LabelArray,
) -> tuple[FloatArray, LabelArray]:
    """Events of all bars of one lane, each pixel once a bar, row after row."""
    rows = np.arange(size)[:, None]
    steps = rows + _JITTER * rng.uniform(0, 1, (len(starts), size, len(columns)))
    times = starts[:, None, None] + durations[:, None, None] / size * steps
    pixels = np.broadcast_to(rows * size + columns, steps.shape)
    return times.ravel(), pixels.ravel()
