"""Chaotic series, Mackey and Glass's and Lorenz's, and how long a forecast follows one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, floats, integer, positive
from pbit.seeds import check_seed
from pbit.tasks.split import FloatArray

LORENZ_EXPONENT = 0.9056  # largest Lyapunov exponent, per unit of time, at the usual parameters
_PIECES = 10  # of a unit of time in Mackey and Glass's equation
_SETTLING = 500.0  # units of time before the series begins; a tenth of it before Lorenz's


def mackey_glass(num_steps: int, *, seed: int, delay: float = 17.0) -> FloatArray:
    r""":math:`\dot x = 0.2 x(t - \tau) / (1 + x(t - \tau)^{10}) - 0.1 x`, once a unit of time.

    By Heun's method of ten steps a unit, from a constant that the seed draws from 1.1 to 1.3,
    after 500 units.

    Parameters
    ----------
    num_steps : int
    seed : int
    delay : float
        tau, to a tenth of a unit; chaotic from 16.8.

    Returns
    -------
    float64, shape (num_steps,)

    References
    ----------
    Mackey, Glass, Science 197, 287 (1977).

    Examples
    --------
    >>> x = mackey_glass(1000, seed=1)
    >>> bool(0.2 < x.min() < 0.6 < 1.2 < x.max() < 1.4)
    True
    """
    back = max(1, round(positive("delay", delay) * _PIECES))
    first = float(np.random.default_rng(check_seed(seed)).uniform(1.1, 1.3))
    count = round(_SETTLING * _PIECES) + integer("num_steps", num_steps, 1) * _PIECES
    x = [first] * (back + 1)
    dt = 1 / _PIECES
    for k in range(count):
        now = x[-1]
        gain, after = _gain(x[k]), _gain(x[k + 1])
        slope = gain - 0.1 * now
        x.append(now + dt / 2 * (slope + after - 0.1 * (now + dt * slope)))
    return np.array(x[-num_steps * _PIECES :: _PIECES])


def _gain(x: float) -> float:
    return 0.2 * x / (1 + x**10)


def lorenz(num_steps: int, *, seed: int, interval: float = 0.025) -> FloatArray:
    r"""Lorenz's three numbers at sigma = 10, rho = 28, beta = 8/3, once every ``interval``.

    By the classical method of Runge and Kutta, steps of at most 0.005, from a point that the seed
    draws near the attractor, after 50 units of time.

    Returns
    -------
    float64, shape (num_steps, 3)

    References
    ----------
    Lorenz, J. Atmos. Sci. 20, 130 (1963).

    Examples
    --------
    >>> lorenz(2000, seed=1).std(axis=0).round(-1).tolist()
    [10.0, 10.0, 10.0]
    """
    pieces = int(np.ceil(positive("interval", interval) / 0.005))
    dt = interval / pieces
    drawn = np.random.default_rng(check_seed(seed)).uniform(-5, 5, 3)
    settling = round(_SETTLING / 10 / interval)
    found = np.empty((settling + integer("num_steps", num_steps, 1), 3))
    point = tuple(map(float, drawn + np.array([1.0, 1.0, 25.0])))
    for k in range(len(found)):
        for _ in range(pieces):
            point = _runge_kutta(point, dt)
        found[k] = point
    return found[settling:]


Point = tuple[float, ...]


def _flow(point: Point) -> Point:
    x, y, z = point
    return 10 * (y - x), x * (28 - z) - y, x * y - 8 / 3 * z


def _moved(point: Point, slope: Point, dt: float) -> Point:
    return tuple(p + dt * s for p, s in zip(point, slope, strict=True))


def _runge_kutta(point: Point, dt: float) -> Point:
    a = _flow(point)
    b = _flow(_moved(point, a, dt / 2))
    c = _flow(_moved(point, b, dt / 2))
    d = _flow(_moved(point, c, dt))
    slopes = zip(a, b, c, d, strict=True)
    return _moved(point, tuple((p + 2 * q + 2 * r + s) / 6 for p, q, r, s in slopes), dt)


def forecast_horizon(
    forecast: npt.ArrayLike, truth: npt.ArrayLike, *, tolerance: float = 0.4, unit: float = 1.0
) -> float:
    """How long a forecast follows: until it is first wrong by more than a share of the spread.

    Parameters
    ----------
    forecast, truth : shape (steps,) or (steps, features)
    tolerance : float
        The distance of the two over the root of the truth's total variance.
    unit : float
        What a step is counted as: ``interval * LORENZ_EXPONENT`` for Lyapunov times.

    Returns
    -------
    float
        Steps before it, times the unit.

    Raises
    ------
    ValueError
        Two shapes.

    Examples
    --------
    >>> forecast_horizon([0.0, 1.0, 5.0, 1.0], [0.0, 1.0, 0.0, 1.0])
    2.0
    """
    guess, true = floats("forecast", forecast), floats("truth", truth)
    if guess.shape != true.shape:
        raise ArgumentError(
            "forecast", f"must have the truth's shape {true.shape}", got=f"{guess.shape}"
        )
    guess, true = guess.reshape(len(guess), -1), true.reshape(len(true), -1)
    distance = np.linalg.norm(guess - true, axis=1) / np.sqrt(true.var(axis=0).sum())
    far = np.flatnonzero(~(distance <= positive("tolerance", tolerance)))
    return unit * float(far[0] if far.size else len(true))
