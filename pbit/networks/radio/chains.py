r"""Chains of resonators: each adds up what its resonators make of all carriers on the line.

Carrier i of power :math:`P_i` at :math:`f_i` meets resonator j of chain k, which rests at
:math:`f_{kj}`. In series their voltages add:

.. math::
    V_k = \frac{S}{2} \sum_i W_{ki} P_i, \qquad
    W_{ki} = \sum_j w\!\left(\frac{f_i - f_{kj}}{g}\right),
    \qquad w(x) = \frac{2x}{1+x^2}

for diodes of the antisymmetric kind. Each sum over j has the weight that is meant, of the resonator
next to the carrier, and cross-talk of all the others.

Source: Leroux et al., Phys. Rev. Applied 15, 034067 (2021).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, floats, instance
from pbit.devices.oscillator import SpinTorqueDiode

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Chains(ByValue):
    """A layer of chains on one line: powers in, voltages out.

    Parameters
    ----------
    carriers_Hz : shape (num_carriers,)
    resonances_Hz : shape (num_chains, num_resonators)
    diode : SpinTorqueDiode
        What all resonators have in common.

    Raises
    ------
    TypeError, ValueError
        Frequencies that are none, arrays of other shapes, no diode.

    Examples
    --------
    >>> diode = SpinTorqueDiode(linewidth_Hz=5e6, sensitivity_V_W=500.0)
    >>> chains = Chains([1e9, 2e9], [[0.995e9, 2.0e9]], diode)
    >>> chains.weights().round(2).tolist()
    [[0.99, 0.01]]
    """

    carriers_Hz: FloatArray
    resonances_Hz: FloatArray
    diode: SpinTorqueDiode

    def __post_init__(self) -> None:
        instance("diode", self.diode, SpinTorqueDiode, remedy="SpinTorqueDiode(...)")
        for name, axes in (("carriers_Hz", 1), ("resonances_Hz", 2)):
            values = floats(name, getattr(self, name))
            if values.ndim != axes or not (np.isfinite(values) & (values > 0)).all():
                raise ArgumentError(
                    name, f"must be frequencies > 0 along {axes} axes",
                    got=f"shape {values.shape}, from {np.min(values, initial=np.inf):g}",
                    remedy="resonances are (num_chains, num_resonators)",
                )  # fmt: skip
            object.__setattr__(self, name, values)

    @property
    def num_chains(self) -> int:
        """Voltages."""
        return len(self.resonances_Hz)

    def weights(self, shifts_Hz: FloatArray | None = None) -> FloatArray:
        """W, float64 (num_chains, num_carriers): sums of weights from -1 to 1.

        Of carriers that are ``shifts_Hz`` (num_rows, num_carriers) off in each row, (num_chains,
        num_rows, num_carriers).
        """
        return 2 * self._summed(self.diode.response, shifts_Hz)

    def weight_slopes(self, shifts_Hz: FloatArray) -> FloatArray:
        """Derivatives of W by the shifts of the carriers, (num_chains, num_rows, num_carriers)."""
        return 2 / self.diode.linewidth_Hz * self._summed(self.diode.slope, shifts_Hz)

    def voltages_V(
        self, powers_W: npt.ArrayLike, shifts_Hz: FloatArray | None = None
    ) -> FloatArray:
        """Voltages (num_rows, num_chains) of powers (num_rows, num_carriers).

        Parameters
        ----------
        powers_W : shape (num_rows, num_carriers)
        shifts_Hz : float64, shape (num_rows, num_carriers), optional
            By which carriers are off.

        Raises
        ------
        TypeError, ValueError
            Powers that are no numbers from 0, another number of carriers.
        """
        powers = self.volts_per_W * self.effective_W(powers_W)
        if shifts_Hz is None:
            return powers @ self.weights().T
        return np.asarray(np.einsum("ri,kri->rk", powers, self.weights(shifts_Hz)))

    @property
    def volts_per_W(self) -> float:
        """S/2: what a weight of 1 makes of a power."""
        return self.diode.sensitivity_V_W / 2

    def effective_W(self, powers_W: npt.ArrayLike) -> FloatArray:
        """Powers as saturation leaves them, (num_rows, num_carriers).

        Raises
        ------
        TypeError, ValueError
            Powers that are no numbers from 0, another number of carriers.
        """
        powers = floats("powers_W", powers_W)
        if powers.ndim != 2 or powers.shape[1] != len(self.carriers_Hz):
            raise ArgumentError(
                "powers_W", f"must have a column for each of {len(self.carriers_Hz)} carriers",
                got=f"shape {powers.shape}", remedy="rows are signals",
            )  # fmt: skip
        return self.diode.effective_W(powers)

    def resonance_gradient(
        self, by_weights: FloatArray, shifts_Hz: FloatArray | None = None
    ) -> FloatArray:
        """Derivatives by resonances (num_chains, num_resonators), 1/Hz, from those by weights.

        Parameters
        ----------
        by_weights : float64, of the shape of :meth:`weights`
            Derivatives of anything by W.
        shifts_Hz : float64, shape (num_rows, num_carriers), optional
            As for :meth:`weights`.
        """
        found = np.empty(self.resonances_Hz.shape)
        for k, of_chain in enumerate(by_weights):
            for j, away in self._detunings(k, shifts_Hz):
                slopes = self.diode.slope(away)
                found[k, j] = slopes @ of_chain if shifts_Hz is None else (slopes * of_chain).sum()
        return found * (-2 / self.diode.linewidth_Hz)

    def moved(self, by_Hz: npt.ArrayLike) -> Chains:
        """The same with resonances so much higher, (num_chains, num_resonators) or one number."""
        return replace(self, resonances_Hz=self.resonances_Hz + floats("by_Hz", by_Hz))

    def _summed(self, law: Callable[[FloatArray], FloatArray], shifts: Any) -> FloatArray:
        """A law of detunings, summed over the resonators of each chain."""
        chains = range(self.num_chains)
        if shifts is None:
            return np.array(
                [law(away).sum(axis=0) for k in chains for _, away in self._detunings(k)]
            )
        found = np.zeros((self.num_chains, *shifts.shape))
        for k in chains:
            for _, away in self._detunings(k, shifts):
                found[k] += law(away)
        return found

    def _detunings(self, k: int, shifts: FloatArray | None = None) -> Iterator[tuple[Any, Any]]:
        """Of chain k in half widths, and the resonators j that they are of.

        All at once, (num_resonators, num_carriers), or with shifts one resonator after the other,
        (num_rows, num_carriers), which takes less memory.
        """
        width, rests = self.diode.linewidth_Hz, self.resonances_Hz[k]
        if shifts is None:
            yield slice(None), (self.carriers_Hz - rests[:, None]) / width
        else:
            there = self.carriers_Hz + shifts
            for j, rest in enumerate(rests):
                yield j, (there - rest) / width


def carriers(
    number: int, *, spacing: float, diode: SpinTorqueDiode, first_Hz: float = 1e9
) -> FloatArray:
    """Evenly spaced carriers, float64 (number,), the spacing in half widths of the diode.

    Examples
    --------
    >>> diode = SpinTorqueDiode(linewidth_Hz=5e6, sensitivity_V_W=500.0)
    >>> carriers(3, spacing=4.0, diode=diode).tolist()
    [1000000000.0, 1020000000.0, 1040000000.0]
    """
    return np.asarray(first_Hz + spacing * diode.linewidth_Hz * np.arange(number))
