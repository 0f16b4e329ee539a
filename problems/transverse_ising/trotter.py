"""What a finite number of slices costs: estimated ahead, and extrapolated away."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from pbit.checks import ArgumentError
from pbit.models.labels import FloatArray
from pbit.models.polynomial import AnyModel
from pbit.problems.transverse_ising.averages import Measured, QuantumAverages
from pbit.samplers.imaginary_time.quantities import MOST_REPLICAS


def trotter_error(model: AnyModel, gamma: float | FloatArray, beta: float, replicas: int) -> float:
    r"""Estimate of the error of the energy per spin with so many slices.

    Trotter's product is the exact law of :math:`H + (\beta / R)^2 H_2 + \ldots`, with
    :math:`H_2 = \frac1{24} [V, [V, T]] + \frac1{12} [T, [T, V]]` up to signs, V the diagonal and
    T the transverse part. Each double commutator is taken by the size of its terms: fields of a
    spin by the root of the sum of squares. The energy's error is up to three times the expectation
    of :math:`(\beta / R)^2 H_2`.

    References
    ----------
    Suzuki, Commun. Math. Phys. 51, 183 (1976); H_2 from the Baker-Campbell-Hausdorff series.
    """
    fields = np.broadcast_to(np.asarray(gamma, np.float64), (model.num_spins,))
    squares = _squared_fields(model)
    inner = (4 / 24 * fields * squares).sum()
    outer = (4 / 12 * fields**2 * np.sqrt(squares)).sum()
    return float((beta / replicas) ** 2 * (inner + outer) / max(model.num_spins, 1))


def replicas_for(
    model: AnyModel, gamma: float | FloatArray, beta: float, error: float
) -> tuple[int, float]:
    """Least power of two, or three times one, whose estimated error is small enough; the estimate.

    Raises
    ------
    ValueError
        More slices than can be had.
    """
    if not 0 < error < math.inf:
        raise ArgumentError("trotter_error", "must be > 0 and finite", error)
    needed = beta * math.sqrt(trotter_error(model, gamma, 1.0, 1) / error)
    if needed > MOST_REPLICAS:
        raise ArgumentError(
            "trotter_error",
            f"must need at most {MOST_REPLICAS} slices",
            error,
            remedy="replicas=None has no such error",
        )
    steps = (2**k * f for k in range(1, 40) for f in (2, 3))
    replicas = next(r for r in sorted(steps) if r >= needed) if needed > 4 else 4
    return replicas, trotter_error(model, gamma, beta, replicas)


def extrapolate(averages: Sequence[QuantumAverages], of: str = "energy_per_spin") -> Measured:
    r"""Infinitely many slices from a few numbers of them, by Richardson's rule in 1 / R^2.

    The error of Trotter's product is a series in :math:`1 / R^2`: a straight line through the last
    two, a parabola through three, and so on. Errors are carried along.

    Parameters
    ----------
    averages : sequence of QuantumAverages
        Of the same model and temperature with different numbers of slices; two at least.
    of : str
        A number that they have: energy_per_spin, transverse_magnetization, m2, binder, ...

    Raises
    ------
    ValueError
        Fewer than two, or two of the same number of slices, or of continuous time.

    References
    ----------
    Richardson, Phil. Trans. R. Soc. A 226, 299 (1927).

    Examples
    --------
    >>> from pbit.problems.transverse_ising import TransverseIsing, ring
    >>> quantum = TransverseIsing.of(ring(4), 1.0)
    >>> few = [quantum.measure(1.0, replicas=R, num_sweeps=2000, seed=1) for R in (4, 8)]
    >>> value, error = extrapolate(few, "m2")
    >>> bool(abs(value - 0.7406) < 5 * error)
    True
    """
    slices = [each.series.replicas for each in averages]
    if len(slices) < 2 or None in slices or len(set(slices)) < len(slices):
        raise ArgumentError(
            "averages", "must be two or more, of different numbers of slices", got=f"{slices}"
        )
    x = np.array([1.0 / r**2 for r in slices if r is not None])
    weights = [
        math.prod(other / (other - own) for q, other in enumerate(x) if q != k)
        for k, own in enumerate(x)
    ]
    found = [getattr(each, of) for each in averages]
    value = sum(w * each.value for w, each in zip(weights, found, strict=True))
    error = np.sqrt(sum((w * each.error) ** 2 for w, each in zip(weights, found, strict=True)))
    return Measured(value, error)


def _squared_fields(model: AnyModel) -> FloatArray:
    """Sum of the squares of the weights at each spin."""
    from pbit.samplers.imaginary_time.worldline_run import couplings_of

    couplings = couplings_of(model)
    sites = np.repeat(np.arange(model.num_spins), np.diff(couplings.site_ptr))
    squares = np.bincount(sites, weights=couplings.weights**2, minlength=model.num_spins)
    return np.asarray(squares + couplings.h**2)
