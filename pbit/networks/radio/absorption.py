r"""Many resonators on one line, read together: what the line absorbs at each frequency.

A resonator under a direct current below threshold takes from a weak probe, over what it takes at
resonance without current,

.. math::
    a(f) = \frac{1}{1 - \zeta}\, \frac{1}{1 + x^2}, \qquad x = \frac{f - f_k}{(1 - \zeta) g},

the linear response of :class:`pbit.devices.oscillator.AutoOscillator`: a current makes its line
high and narrow. Weakly absorbed powers add up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, floats, instance
from pbit.devices.oscillator import AutoOscillator
from pbit.networks.radio.chains import FloatArray


@dataclass(frozen=True, eq=False)
class AbsorptionLine(ByValue):
    """Resonators along a waveguide, each with a current of its own.

    Parameters
    ----------
    resonances_Hz : shape (num_resonators,)
    oscillator : AutoOscillator
        Damping and threshold of all of them.

    Raises
    ------
    TypeError, ValueError
        Frequencies that are none, no oscillator.

    Examples
    --------
    >>> line = AbsorptionLine([1e9, 1.1e9], AutoOscillator(frequency_Hz=1e9, damping_Hz=5e6))
    >>> line.spectrum([[0.0, 0.5e-3]], [1e9, 1.1e9]).round(2).tolist()
    [[1.0, 2.0]]
    """

    resonances_Hz: FloatArray
    oscillator: AutoOscillator

    def __post_init__(self) -> None:
        instance("oscillator", self.oscillator, AutoOscillator, remedy="AutoOscillator(...)")
        values = floats("resonances_Hz", self.resonances_Hz)
        if values.ndim != 1 or not (np.isfinite(values) & (values > 0)).all():
            raise ArgumentError(
                "resonances_Hz", "must be frequencies > 0 along one axis",
                got=f"shape {values.shape}", remedy="one a resonator",
            )  # fmt: skip
        object.__setattr__(self, "resonances_Hz", values)

    def spectrum(self, currents_A: npt.ArrayLike, frequencies_Hz: npt.ArrayLike) -> FloatArray:
        """Absorption at each frequency.

        Parameters
        ----------
        currents_A : shape (num_rows, num_resonators)
            Below threshold.
        frequencies_Hz : shape (num_frequencies,)

        Returns
        -------
        float64, shape (num_rows, num_frequencies)
            In units of what one resonator absorbs at resonance without current.

        Raises
        ------
        TypeError, ValueError
            Another number of currents, a current from the threshold on.
        """
        left = self._left(floats("currents_A", currents_A))
        found = np.empty((len(left), np.size(frequencies_Hz)))
        for k, frequency in enumerate(floats("frequencies_Hz", frequencies_Hz)):
            x = (frequency - self.resonances_Hz) / self.oscillator.damping_Hz
            found[:, k] = (left / (left**2 + x**2)).sum(axis=1)
        return found

    def _left(self, currents: FloatArray) -> FloatArray:
        """Shares of the damping that are left, 1 - zeta."""
        number = len(self.resonances_Hz)
        if currents.ndim != 2 or currents.shape[1] != number:
            raise ArgumentError(
                "currents_A", f"must have a column for each of {number} resonators",
                got=f"shape {currents.shape}", remedy="rows are states of the array",
            )  # fmt: skip
        left = 1 - self.oscillator.supercriticality(currents)
        if not (left > 0).all():
            raise ArgumentError(
                "currents_A", f"must be below the threshold of {self.oscillator.threshold_A:g} A",
                currents.max(), remedy="from there on oscillators emit",
            )  # fmt: skip
        return left
