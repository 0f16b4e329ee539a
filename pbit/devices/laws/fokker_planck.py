r"""Writing a perpendicular macrospin, exactly: the Fokker-Planck equation of m_z.

Under a collinear torque m_z alone tells the story. In units of :math:`\tau_D`, with the drive i
away from m_z = +1,

.. math::
    \partial_t W = \partial_z (1 - z^2) \left[ -(z - i) W
                   + \frac{1}{2 \Delta} \partial_z W \right] ,

whose stationary law is :math:`e^{\Delta (z^2 - 2 i z)}`. It holds in all regimes of
:mod:`pbit.devices.laws.switching`, whose closed forms do not.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number

_FEWEST_CELLS, _MOST_CELLS = 500, 20_000
_CELLS_A_KT = 10  # so that neighbouring cells differ by a fifth of a kT at most
_STEPS = 1000
_GAMMA = 1 - math.sqrt(0.5)  # of the two-stage method: second order, and it damps what is stiff


def hopping_rates(
    barrier: float, drive: float, *, cells: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Cells of m_z and the rates of hopping up and down between neighbours, in 1/tau_D.

    Scharfetter and Gummel's: detailed balance with the stationary law is exact.

    Returns
    -------
    float64, shapes (cells,), (cells - 1,), (cells - 1,)

    Examples
    --------
    >>> z, up, down = hopping_rates(2.0, 0.0, cells=100)
    >>> bool(np.allclose(up / down, np.exp(2.0 * np.diff(z**2))))
    True
    """
    width = 2 / cells
    z = -1 + width * (np.arange(cells) + 0.5)
    edges = -1 + width * np.arange(1, cells)
    speed = (1 - edges**2) / (2 * barrier) / width**2
    step = barrier * np.diff(z**2 - 2 * drive * z)
    flat = np.abs(step) < 1e-10
    safe = np.where(flat, 1.0, step)
    up = speed * np.where(flat, 1.0, safe / -np.expm1(-safe))
    down = speed * np.where(flat, 1.0, safe / np.expm1(safe))
    return np.asarray(z), np.asarray(up), np.asarray(down)


def exact_switching_probability(
    barrier: float, *, drive: float, pulse_s: npt.ArrayLike, damping_time_s: float
) -> FloatArray:
    """P(m_z < 0) at the end of a rectangular pulse, from equilibrium in the well m_z > 0.

    Parameters
    ----------
    barrier : float
        Δ without drive.
    drive : float
        i, see :func:`pbit.devices.laws.switching.drive_away`; the exponent is that of the
        macrospin, n = 2, and the prefactor is part of the solution.
    pulse_s : float, shape (pulses,)
        In any order.
    damping_time_s : float
        See :func:`pbit.devices.laws.switching.damping_time_s`.

    Returns
    -------
    float64, shape (pulses,)
        To about 1e-3: by cells of m_z and 1000 steps of an implicit method.

    Raises
    ------
    ValueError
        Anything out of range; ``barrier * (1 + |drive|)`` above 2000.

    References
    ----------
    W. F. Brown, Phys. Rev. 130, 1677 (1963), eq. 4.12, with the torque in the potential.

    Examples
    --------
    >>> options = {"drive": 2.5, "damping_time_s": 1e-9}
    >>> exact_switching_probability(40.0, pulse_s=[1e-9, 2e-9], **options).round(2).tolist()
    [0.08, 0.89]
    """
    number("barrier", barrier, (">", 0.0), remedy="in kT")
    number("drive", drive, remedy="0 is no current")
    number("damping_time_s", damping_time_s, (">", 0.0), remedy="see switching.damping_time_s")
    pulses = np.atleast_1d(np.asarray(pulse_s, dtype=np.float64))
    if not ((pulses >= 0) & (pulses < math.inf)).all():
        raise ArgumentError(
            "pulse_s", "must be finite and >= 0", pulse_s, remedy="time goes forward"
        )
    cells = max(_FEWEST_CELLS, math.ceil(_CELLS_A_KT * barrier * (1 + abs(drive))))
    if cells > _MOST_CELLS:
        raise ValueError(
            f"barrier * (1 + |drive|) must be <= {_MOST_CELLS / _CELLS_A_KT:g}, got "
            f"{barrier * (1 + abs(drive)):g}; such magnets do not switch by chance"
        )
    cells += cells % 2  # no cell astride zero
    z, up, down = hopping_rates(barrier, drive, cells=cells)
    start = np.where(z > 0, np.exp(barrier * (z**2 - 1)), 0.0)
    start /= start.sum()
    results = np.empty(pulses.size)
    u, now, longest = (z < 0).astype(np.float64), 0.0, float(pulses.max())
    for k in np.argsort(pulses):
        wait = (pulses[k] - now) / damping_time_s
        if wait > 0:
            count = math.ceil(_STEPS * (pulses[k] - now) / longest)
            u = _evolve(u, up, down, step=wait / count, count=count)
            now = pulses[k]
        results[k] = start @ u
    return np.clip(results, 0.0, 1.0)


def _evolve(
    u: FloatArray, up: FloatArray, down: FloatArray, *, step: float, count: int
) -> FloatArray:
    """The chance to be below zero later, by the backward equation."""
    from scipy.linalg import solve_banded

    diagonal = np.zeros(u.size)
    diagonal[:-1] -= up
    diagonal[1:] -= down
    bands = np.zeros((3, u.size))
    h = step * _GAMMA
    bands[0, 1:], bands[1], bands[2, :-1] = -h * up, 1 - h * diagonal, -h * down

    def slope(v: FloatArray) -> FloatArray:
        w = diagonal * v
        w[:-1] += up * v[1:]
        w[1:] += down * v[:-1]
        return np.asarray(solve_banded((1, 1), bands, w))

    for _ in range(count):
        first = slope(u)
        second = slope(u + step * (1 - _GAMMA) * first)
        u = u + step * ((1 - _GAMMA) * first + _GAMMA * second)
    return u
