"""pbit.calibrate: gains and offsets of a chip's p-bits, measured as an experimenter would."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from pbit.checks import integer
from pbit.hardware.parameters import Correction, Hardware
from pbit.model import FloatArray, IsingModel
from pbit.samplers.moments import moments

_READS = 16
_STEPS = 50
_APART = 4.0  # time constants between read-outs: exp(-4) of a p-bit's memory is left
_SLOWEST = 2.0  # standard deviations of ln tau that a p-bit is slower than the median
_STEEPEST, _FLATTEST = 100.0, 0.01  # gains that a measurement is believed
DEFAULT_INPUTS = tuple(float(x) for x in np.linspace(-1.5, 1.5, 7))


def calibrate(
    hardware: Hardware,
    num_pbits: int,
    *,
    inputs: npt.ArrayLike = DEFAULT_INPUTS,
    num_samples: int = 2000,
    seed: int | None = None,
    num_threads: int | None = None,
) -> Hardware:
    r"""The chip with what a sweep of the bias shows of its gains and offsets compensated.

    All couplings off, one input for all p-bits; each p-bit is read out ``num_samples`` times at
    each input, four time constants of a slow p-bit apart. Gain and offset are the maximum of the likelihood under
    :math:`P(+) = \sigma(2 (g x + o))`, standard errors from its curvature. From then on p-bit i is
    given :math:`(x - o_i) / g_i`. An earlier correction is taken out first.

    Parameters
    ----------
    hardware : Hardware
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
    ValueError
        An argument out of range.

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
    points = np.unique(np.asarray(inputs, dtype=np.float64))
    if points.size < 2 or not np.isfinite(points).all():
        raise ValueError(f"inputs must be at least two different numbers, got {points.tolist()}")
    raw = hardware.with_values(correction=None)
    apart = math.ceil(_APART * math.exp(_SLOWEST * hardware.tau_spread))
    looks = -(-num_samples // _READS)
    count = looks * _READS
    ups = np.empty((points.size, num_pbits))
    for k, point in enumerate(points):
        model = IsingModel.from_edges([], [], [], h=np.full(num_pbits, point))
        run = moments(
            model,
            1.0,
            num_sweeps=apart * (looks + 2),
            burn_in=2 * apart,
            every=apart,
            pairs=None,
            num_reads=_READS,
            hardware=raw,
            seed=seed,
            first_read=_READS * k,
            num_threads=num_threads,
        )
        seed = int(run.info["seed"])
        ups[k] = np.rint((1 + run.spins) / 2 * count)
    return hardware.with_values(correction=_correction(points, ups, count))


def _correction(points: FloatArray, ups: FloatArray, count: int) -> Correction:
    gain, offset, gain_error, offset_error = _fitted(points, ups, count)
    stuck = np.all(ups == 0, axis=0) | np.all(ups == count, axis=0)
    wild = stuck | ~((gain > _FLATTEST) & (gain < _STEEPEST))
    gain, offset = np.where(wild, 1.0, gain), np.where(wild, 0.0, offset)
    return Correction(gain, offset, gain_error, offset_error, stuck, count * points.size)


def _fitted(
    points: FloatArray, ups: FloatArray, count: int
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Logistic fit of every p-bit at once; half a count is added to each side, so that it ends."""
    x = points[:, None]
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
    return gain, offset, np.sqrt(c / determinant), np.sqrt(a / determinant)
