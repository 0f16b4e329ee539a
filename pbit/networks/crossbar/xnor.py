"""Arrays of +-1 weights and inputs in pairs of junctions: XNOR, summed as resistance or current.

Cell k of an output holds its weight in two junctions, one in P and one in AP; the input chooses
which of them is in the column: R_k is R_H = R_AP where x_k = w_k, else R_L = R_P. In series,

    R = sum_k R_k = n R_L + (R_H - R_L) (n + MAC) / 2,  MAC = sum_k w_k x_k,

and charging C to a reference voltage takes ``t = ln(V_dd / (V_dd - V_ref)) R C``, which a
time-to-digital converter counts. In parallel, conductances take the place of resistances, P that of
AP, and a current is converted.

Sources: S. Jung et al., Nature 601, 211 (2022) (resistances, TDC); P. Deaville, B. Zhang, L.-Y.
Chen, N. Verma, ESSCIRC (2021) (currents).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, instance, integer
from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number
from pbit.devices.synapses import BinaryJunction, Synapse, SynapseVariation
from pbit.devices.synapses.draws import normals
from pbit.devices.synapses.variation import NO_VARIATION
from pbit.networks.crossbar.arguments import matrix_of, vectors_of
from pbit.networks.crossbar.cells import Cells
from pbit.networks.crossbar.draws import ArrayDraw
from pbit.networks.crossbar.programming import Placed, Programming
from pbit.networks.crossbar.reading import WIDEST_BITS


@dataclass(frozen=True)
class Counter:
    """The converter behind a column, and what it counts: time, or current by the same codes.

    Parameters
    ----------
    bits : int, optional
        Codes ``round((2^bits - 1) u)`` of the place u of the sum within the window; exact without.
    window : (float, float)
        Sums that get the lowest and the highest code, as shares of the way from MAC = -n to n.
        What is beyond is clipped and counted.
    capacitance_F, supply_V, reference_V : float
        Of the charged node; they set the time alone.

    Raises
    ------
    TypeError, ValueError
        Numbers out of the range that the message names.
    """

    bits: int | None = 4
    window: tuple[float, float] = (0.25, 0.75)
    capacitance_F: float = 1e-13
    supply_V: float = 1.0
    reference_V: float = 0.5

    def __post_init__(self) -> None:
        if self.bits is not None:
            integer("bits", self.bits, 1, WIDEST_BITS)
        number("capacitance_F", self.capacitance_F, (">", 0.0), remedy="units are SI")
        number("supply_V", self.supply_V, (">", 0.0), remedy="units are SI")
        number("reference_V", self.reference_V, (">", 0.0), ("<", self.supply_V),
               remedy="it must be reached")  # fmt: skip
        low, high = self.window
        if not 0 <= low < high <= 1:
            raise ArgumentError("window", "must be two shares, 0 <= low < high <= 1", self.window)

    @property
    def seconds_per_ohm(self) -> float:
        """Time to the reference voltage per ohm of a column."""
        return self.capacitance_F * math.log(self.supply_V / (self.supply_V - self.reference_V))


class Sums(NamedTuple):
    """What columns add up to.

    Parameters
    ----------
    values : float64, shape (out,) or (out, b)
        Ohms in series, siemens in parallel.
    low, high : float
        Of MAC = -n and n, without variation.
    """

    values: FloatArray
    low: float
    high: float


class XnorArray:
    """Weights +-1 that are multiplied with inputs +-1: ``array @ x`` is MAC as it was read.

    Parameters
    ----------
    weights : int, shape (out, n)
        -1 or 1.
    device : Synapse
        Its highest conductance is P, its lowest AP.
    summation : {"resistance", "current"}
    counter : Counter
    access_ohm : float
        Of the transistor in series with each junction.
    programming, variation, stuck, seed
        As for :class:`pbit.networks.crossbar.Crossbar`; stuck ones int8 (2, out, n).
    noise : float
        Standard deviation of each cell in each read, as a share of its resistance or conductance.

    Attributes
    ----------
    shape : tuple of int
    cells : Cells
        Shape (2, out, n): in the column for an input of 1, and of -1.
    programmed : Programmed
    clipped : int
        Sums beyond the window since the array was made.

    Raises
    ------
    TypeError, ValueError
        Other weights, parameters that are none.

    Examples
    --------
    >>> array = XnorArray([[1, -1, 1, 1], [-1, -1, 1, -1]], counter=Counter(bits=None), seed=1)
    >>> (array @ [1, -1, 1, -1]).round(9).tolist()
    [2.0, 2.0]
    """

    def __init__(
        self,
        weights: npt.ArrayLike,
        device: Synapse | None = None,
        *,
        summation: Literal["resistance", "current"] = "resistance",
        counter: Counter | None = None,
        access_ohm: float = 0.0,
        programming: Programming | None = None,
        variation: SynapseVariation = NO_VARIATION,
        stuck: float | npt.ArrayLike = 0.0,
        noise: float = 0.0,
        seed: int | None = None,
    ) -> None:
        if summation not in ("resistance", "current"):
            raise ArgumentError("summation", "must be one of resistance, current", summation)
        self.summation = summation
        self.device = BinaryJunction() if device is None else device
        instance("device", self.device, Synapse, remedy="see pbit.devices.synapses")
        self.counter = Counter() if counter is None else counter
        self.access_ohm = number("access_ohm", access_ohm, (">=", 0.0), remedy="units are SI")
        self.noise = number("noise", noise, (">=", 0.0), ("<=", 1.0), remedy="1 % is 0.01")
        wanted = _signs("weights", matrix_of(weights))
        self.shape = wanted.shape
        synapses = self.device.made((2, *wanted.shape), seed=seed, variation=variation)
        self.seed, self.cells = synapses.seed, Cells(synapses, stuck)
        way = Placed() if programming is None else programming
        instance("programming", way, Programming, remedy="give WriteVerify()")
        self.programmed = way.write(self.cells, self._targets(wanted))
        self.clipped = self._reads = 0
        self._quantities = self._of(self.cells.conductance())

    def __matmul__(self, x: npt.ArrayLike) -> FloatArray:
        """MAC of a vector (n,) or of the columns of a batch (n, b), as the converter tells it.

        Returns
        -------
        float64, shape (out,) or (out, b)

        Raises
        ------
        TypeError, ValueError
            Another shape, numbers that are not -1 or 1.
        """
        sums = self.sums(x)
        shares = (sums.values - sums.low) / (sums.high - sums.low)
        return np.asarray(self.shape[1] * (2 * self._counted(shares) - 1))

    def sums(self, x: npt.ArrayLike) -> Sums:
        """Resistances or conductances of the columns, ahead of any converter; else as ``@``."""
        given = _signs("x", vectors_of("x", x, self.shape[1]))
        first, second = self._quantities
        values = (first + second).sum(axis=1) / 2
        values = values.reshape(-1, *[1] * (given.ndim - 1)) + (first - second) / 2 @ given
        if self.noise:
            values = values + self._noise(given)
        low, high = self._cell_range()
        return Sums(values, self.shape[1] * low, self.shape[1] * high)

    def seconds(self, x: npt.ArrayLike) -> FloatArray:
        """Time that each column takes to charge to the reference voltage; else as ``@``.

        Raises
        ------
        ValueError
            Currents are summed.
        """
        if self.summation != "resistance":
            raise ArgumentError("summation", "must be resistance for times", self.summation)
        return np.asarray(self.counter.seconds_per_ohm * self.sums(x).values)

    def _targets(self, weights: FloatArray) -> FloatArray:
        """The junction in the column is AP, or P with currents, where x = w."""
        alike, other = self.device.lowest_S, self.device.highest_S
        if self.summation == "current":
            alike, other = other, alike
        return np.stack([np.where(weights == x, alike, other) for x in (1, -1)])

    def _of(self, conductances_S: FloatArray) -> FloatArray:
        """What is summed, of each cell."""
        ohm = 1 / conductances_S + self.access_ohm
        return np.asarray(ohm if self.summation == "resistance" else 1 / ohm)

    def _cell_range(self) -> tuple[float, float]:
        """What a cell of x != w and one of x = w add, without variation."""
        ends = self._of(np.array([self.device.lowest_S, self.device.highest_S]))
        return float(ends.min()), float(ends.max())

    def _noise(self, given: FloatArray) -> FloatArray:
        """Of independent cells: the sum of their squares is linear in the input, as the sum is."""
        first, second = self._quantities**2
        batch = given.reshape(len(given), -1)
        variances = (first + second).sum(axis=1)[:, None] / 2 + (first - second) / 2 @ batch
        line, read = np.indices(variances.shape).reshape(2, -1)
        luck = normals(ArrayDraw.READING, line, seed=self.seed, turns=self._reads + read)
        self._reads += batch.shape[1]
        noise = self.noise * np.sqrt(variances) * luck.reshape(variances.shape)
        return np.asarray(noise.reshape(-1, *given.shape[1:]))

    def _counted(self, shares: FloatArray) -> FloatArray:
        """The middle of what a code stands for."""
        if self.counter.bits is None:
            return shares
        low, high = self.counter.window
        places, most = (shares - low) / (high - low), 2**self.counter.bits - 1
        self.clipped += int(((places < 0) | (places > 1)).sum())
        codes = np.rint(most * np.clip(places, 0.0, 1.0))
        return np.asarray(low + (high - low) * codes / most)


def _signs(name: str, values: Any) -> FloatArray:
    found = np.asarray(values, np.float64)
    if not (np.abs(found) == 1).all():
        wrong = found[np.abs(found) != 1][0]
        raise ArgumentError(name, "must be -1 or 1 everywhere", wrong, remedy="take np.sign")
    return found
