"""pbit.calibrate: gains and offsets of a chip's p-bits, measured as an experimenter would."""

from __future__ import annotations

import math
import os
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, floats, integer
from pbit.hardware.correction import Correction
from pbit.hardware.parameters import Hardware
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray
from pbit.run.request import hardware_from
from pbit.samplers.moments import moments

_READS = 16
_STEPS = 50
_APART = 4.0  # time constants between read-outs: exp(-4) of a p-bit's memory is left
_SLOWEST = 2.0  # standard deviations of ln tau that a p-bit is slower than the median
_LONGEST = 64.0  # tau that an experimenter waits between two read-outs
_RESOLVED = 0.02  # mean of P(+) P(-) over the inputs, below which nothing is told apart
_REACH, _HALVINGS = 128.0, 10  # of the search for an input at which a p-bit answers both ways
_STEEPEST, _FLATTEST = 100.0, 0.01  # gains that a measurement is believed
DEFAULT_INPUTS = tuple(float(x) for x in np.linspace(-1.5, 1.5, 7))


def calibrate(
    hardware: Hardware | str | os.PathLike[str],
    num_pbits: int,
    *,
    inputs: npt.ArrayLike = DEFAULT_INPUTS,
    num_samples: int = 2000,
    seed: int | None = None,
    num_threads: int | None = None,
) -> Hardware:
    r"""The chip with what a sweep of the bias shows of its gains and offsets compensated.

    All couplings off, one input for all p-bits; each p-bit is read out ``num_samples`` times at
    each input, four time constants of a slow p-bit apart. p-bits that answer one way alone are
    measured again around an input, found by halving, at which they answer both ways; those without
    one are stuck. Where tau_spread is above 1.4 the slowest are not waited for (64 tau), and errors
    are too small. Gain and offset are the maximum of the likelihood under
    :math:`P(+) = \sigma(2 (g x + o))`, standard errors from its curvature. From then on p-bit i is
    given :math:`(x - o_i) / g_i`. An earlier correction is taken out first.

    Parameters
    ----------
    hardware : Hardware or name of a chip file
    num_pbits : int
        p-bits 0 to num_pbits - 1 are measured.
    inputs : float64, shape (m,)
        At least two different ones, in units of the p-bit's input.
    num_samples : int
        Read-outs of each p-bit at each input; at least 16.
    seed : int, optional
    num_threads : int, optional

    Returns
    -------
    Hardware
        With ``correction``, which has the measured values and their errors.

    Raises
    ------
    TypeError, ValueError
        An argument of the wrong type or out of range.

    References
    ----------
    Iteratively reweighted least squares of a logistic model: McCullagh, Nelder, Generalized linear
    models, 2nd ed. (1989), section 4.4.

    Examples
    --------
    >>> chip = calibrate(Hardware(gain_spread=0.3, offset_spread=0.3, seed=1), 20, seed=2)
    >>> bool(chip.correction.gain_error.max() < 0.05)
    True
    """
    integer("num_pbits", num_pbits, 1)
    integer("num_samples", num_samples, _READS)
    points = np.unique(floats("inputs", inputs))
    if points.size < 2 or not np.isfinite(points).all():
        raise ArgumentError("inputs", "must be at least two different numbers", points.tolist())
    chip = hardware_from(hardware)
    if chip is None:
        raise TypeError("hardware must be a pbit.Hardware or the name of a chip file, got None")
    bench = _Bench(chip.with_values(correction=None), num_pbits, seed, num_threads)
    at = np.tile(points[:, None], num_pbits)
    ups, count = bench.sweep(at, num_samples)
    dull = _information(ups, count) < _RESOLVED
    stuck = np.zeros(num_pbits, dtype=np.bool_)
    if dull.any():
        centre, found = bench.centre()
        stuck = dull & ~found
        again = at - points.mean() + centre
        more, _ = bench.sweep(again, num_samples)
        at, ups = np.where(dull, again, at), np.where(dull, more, ups)
    return chip.with_values(correction=_correction(at, ups, count, stuck))


class _Bench:
    """A chip with its couplings off: means at one set of inputs after another."""

    def __init__(
        self, hardware: Hardware, num_pbits: int, seed: int | None, num_threads: int | None
    ) -> None:
        self.hardware, self.num_pbits, self.num_threads = hardware, num_pbits, num_threads
        self._seed, self._first_read = seed, 0
        slow = min(_APART * _slowest(hardware), _LONGEST)
        self._apart = math.ceil(max(slow, 2 * (hardware.tick_s or 0.0) / hardware.tau_s))

    def sweep(self, inputs: FloatArray, num_samples: int) -> tuple[FloatArray, int]:
        """How often each p-bit was up at each of its inputs (m, n), of how many read-outs."""
        looks = -(-num_samples // _READS)
        ups = [self._ups(row, looks) for row in inputs]
        return np.array(ups), looks * _READS

    def centre(self) -> tuple[FloatArray, Any]:
        """For each p-bit an input at which it answers both ways, and whether there is one."""
        low, high = np.full(self.num_pbits, -_REACH), np.full(self.num_pbits, _REACH)
        moves = self._ups(low, 1) < self._ups(high, 1)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            up = self._ups(middle, 1) > _READS / 2
            low, high = np.where(up, low, middle), np.where(up, middle, high)
        return (low + high) / 2, moves

    def _ups(self, inputs: FloatArray, looks: int) -> FloatArray:
        run = moments(
            IsingModel.from_edges([], [], [], h=inputs),
            1.0,
            num_sweeps=self._apart * (looks + 2),
            burn_in=2 * self._apart,
            every=self._apart,
            pairs=None,
            num_reads=_READS,
            hardware=self.hardware,
            seed=self._seed,
            first_read=self._first_read,
            num_threads=self.num_threads,
        )
        self._seed = int(run.info["seed"])
        self._first_read += _READS
        return np.asarray(np.rint((1 + run.spins) / 2 * looks * _READS))


def _slowest(hardware: Hardware) -> float:
    """Time constant of a slow p-bit in units of the chip's."""
    if hardware.table is not None and hardware.table.tau_s:
        return max(hardware.table.tau_s) / hardware.tau_s
    return math.exp(_SLOWEST * hardware.tau_spread)


def _information(ups: FloatArray, count: int) -> FloatArray:
    fraction = ups / count
    return np.asarray((fraction * (1 - fraction)).mean(axis=0))


def _correction(points: FloatArray, ups: FloatArray, count: int, stuck: Any) -> Correction:
    gain, offset, gain_error, offset_error = _fitted(points, ups, count)
    wild = stuck | ~((gain > _FLATTEST) & (gain < _STEEPEST))
    gain, offset = np.where(wild, 1.0, gain), np.where(wild, 0.0, offset)
    return Correction(gain, offset, gain_error, offset_error, stuck, count * len(points))


def _fitted(
    points: FloatArray, ups: FloatArray, count: int
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Logistic fit of every p-bit at once; half a count is added to each side, so that it ends."""
    middle = points.mean(axis=0)  # about which gain and offset are nearly independent
    x = points - middle
    fraction = (ups + 0.5) / (count + 1)
    gain, offset = np.ones(ups.shape[1]), np.zeros(ups.shape[1])
    for _ in range(_STEPS):
        mean = 1 / (1 + np.exp(-np.clip(2 * (gain * x + offset), -50, 50)))
        weight = 4 * (count + 1) * mean * (1 - mean) + 1e-9
        force = 2 * (count + 1) * (fraction - mean)
        a, b, c = (weight * x * x).sum(0), (weight * x).sum(0), weight.sum(0)
        p, q = (force * x).sum(0), force.sum(0)
        determinant = np.maximum(a * c - b * b, 1e-12)
        gain = gain + np.clip((c * p - b * q) / determinant, -1, 1)
        offset = offset + np.clip((a * q - b * p) / determinant, -1, 1)
    error = np.sqrt((a + 2 * middle * b + middle**2 * c) / determinant)
    return gain, offset - gain * middle, np.sqrt(c / determinant), error
