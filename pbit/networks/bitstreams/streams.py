r"""Numbers as streams of bits from superparamagnetic junctions.

A value v from -1 to 1 is a stream of spins with mean v (bipolar code, P(1) = (1 + v) / 2). A
junction whose mean is set by its current gives one, sampled at an interval: successive bits are
correlated by :math:`\rho = e^{-\Gamma t}`, :math:`\Gamma` the sum of its two rates. The product of
two independent streams is their exclusive nor, in spins the product.

References
----------
B. R. Gaines, "Stochastic computing systems", Advances in Information Systems Science 2, 37 (1969).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, floats, integer
from pbit.devices.laws.telegraph_law import correlation_time_s, flip_probabilities
from pbit.devices.mtj import FloatArray, Junction
from pbit.devices.quantities import number

SpinArray = npt.NDArray[np.float32]


@dataclass(frozen=True)
class StreamSource:
    """Junctions, one a value, all of one kind, read at one interval.

    Parameters
    ----------
    junction : Junction
        Its mean is ``tanh(pbit_gain_per_A * I)``; exponents 1 and 2 of the barrier are exact.
    interval_s : float
        Between reads; infinite for independent bits.

    Raises
    ------
    ValueError, TypeError
        An interval that is not > 0, another exponent than 1 or 2.

    Examples
    --------
    >>> source = StreamSource(Junction(8.0), interval_s=1e-6)
    >>> round(float(source.correlations([0.0])[0]), 4)
    0.5112
    """

    junction: Junction = field(default_factory=lambda: Junction(8.0))
    interval_s: float = math.inf

    def __post_init__(self) -> None:
        number("interval_s", self.interval_s, (">", 0.0), remedy="or math.inf", finite=False)
        if self.junction.barrier_exponent not in (1.0, 2.0):
            raise ArgumentError(
                "junction",
                "must have barrier_exponent 1 or 2",
                self.junction.barrier_exponent,
                remedy="the mean is a tanh of the current with those alone",
            )

    def currents_A(self, values: npt.ArrayLike) -> FloatArray:
        """Current of each value's junction, that of its stray field taken off.

        Values beyond the mean at the critical current get that current.

        Raises
        ------
        ValueError, TypeError
            Values that are no numbers from -1 to 1.
        """
        numbers = floats("values", values)
        if not (np.abs(numbers) <= 1).all():
            raise ArgumentError(
                "values",
                "must be from -1 to 1",
                got=f"{float(np.nanmin(numbers)):g} to {float(np.nanmax(numbers)):g}",
                remedy="scale them",
            )
        critical, stray = self.junction.critical_current_A, self.junction.asymmetry
        most = math.tanh(self.junction.pbit_gain_per_A * critical)
        inputs = np.arctanh(np.clip(numbers, -most, most))
        return np.asarray(inputs / self.junction.pbit_gain_per_A - stray * critical)

    def correlations(self, values: npt.ArrayLike) -> FloatArray:
        """Correlation of successive bits, from 0 to 1; shape of ``values``."""
        taus = correlation_time_s(self.junction, self.currents_A(values))
        return np.asarray(np.exp(-self.interval_s / taus))

    def steps(
        self, values: npt.ArrayLike, length: int, generator: np.random.Generator
    ) -> Iterator[SpinArray]:
        """Spins of all streams, one bit of each at a time: float32, shape of ``values``.

        They begin in the stationary law.
        """
        currents = self.currents_A(values)
        means = self.junction.mean(currents)
        up = (1 + means) / 2
        spins = _spins(generator.random(up.shape) < up)
        yield spins
        if math.isinf(self.interval_s):
            for _ in range(length - 1):
                yield _spins(generator.random(up.shape) < up)
            return
        out_of_P, out_of_AP = flip_probabilities(self.junction, self.interval_s, currents)
        for _ in range(length - 1):
            chance = np.where(spins > 0, out_of_P, out_of_AP)
            spins = np.where(generator.random(up.shape) < chance, -spins, spins)
            yield spins

    def estimates(self, values: npt.ArrayLike, *, length: int, seed: int) -> FloatArray:
        """Mean of a stream of so many bits of each value; shape of ``values``.

        Raises
        ------
        ValueError, TypeError
            Values out of range, a length below 1.

        Examples
        --------
        >>> means = StreamSource().estimates([-0.5, 0.0, 1.0], length=10_000, seed=1)
        >>> bool(abs(means - [-0.5, 0.0, 1.0]).max() < 0.05)
        True
        """
        total: FloatArray = np.zeros(np.shape(values))
        length = integer("length", length, 1)
        for spins in self.steps(values, length, np.random.default_rng(seed)):
            total += spins
        return total / length


def standard_error(
    values: npt.ArrayLike, length: int, correlations: npt.ArrayLike = 0.0
) -> FloatArray:
    r"""Standard error of the mean of a stream; shape of ``values``.

    .. math:: \sqrt{\frac{1 - v^2}{L} \left(
        \frac{1 + \rho}{1 - \rho} - \frac{2 \rho (1 - \rho^L)}{L (1 - \rho)^2} \right)}

    Exact where the correlation of bits k apart is :math:`\rho^k`, as of :class:`StreamSource`.

    Examples
    --------
    >>> [round(float(error), 4) for error in standard_error(0.0, 100, [0.0, 0.5])]
    [0.1, 0.172]
    """
    v, rho = floats("values", values), floats("correlations", correlations)
    longer = (1 + rho) / (1 - rho) - 2 * rho * (1 - rho**length) / (length * (1 - rho) ** 2)
    return np.asarray(np.sqrt((1 - v**2) / length * longer))


def _spins(up: npt.NDArray[np.bool_]) -> SpinArray:
    return np.where(up, np.float32(1), np.float32(-1))
