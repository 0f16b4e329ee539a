r"""Simplified stochastic plasticity: one pulse for each synapse of a neuron that has spiked.

Inputs that spiked in the window before get a potentiating pulse, all others a depressing one, and
the devices answer as they do. Of a binary one that switches up with probability :math:`p_+` and
down with :math:`p_-`, and whose input spiked before a share f of the output spikes, independently,
the chance to be found high goes to

.. math:: P = f p_+ / (f p_+ + (1 - f) p_-)

with a memory of :math:`(1 - f p_+ - (1 - f) p_-)^k` after k output spikes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number
from pbit.devices.synapses import Synapse


@dataclass(frozen=True)
class SimplifiedSTDP:
    """A window and two pulses.

    Parameters
    ----------
    window_s : float
        An input is recent if it spiked at most so long ago, both ends included.
    raising, lowering : float, optional
        Amplitudes in the unit of the device's drive, above and below 0; by default its own write
        pulse and the same backwards.

    Raises
    ------
    TypeError, ValueError
        A window that is not > 0, an amplitude of the wrong sign.

    References
    ----------
    A. F. Vincent et al., IEEE Trans. Biomed. Circuits Syst. 9, 166 (2015); the window with one
    weakening pulse for all others: O. Bichler et al., Neural Networks 32, 339 (2012).

    Examples
    --------
    >>> from pbit.devices.synapses import BinaryJunction
    >>> SimplifiedSTDP(window_s=0.02).pulses(BinaryJunction(), np.array([True, False])).tolist()
    [2.5e-05, -2.5e-05]
    """

    window_s: float = 0.03
    raising: float | None = None
    lowering: float | None = None

    def __post_init__(self) -> None:
        number("window_s", self.window_s, (">", 0.0), remedy="20 ms is 0.02")
        if self.raising is not None:
            number("raising", self.raising, (">", 0.0), remedy="it potentiates")
        if self.lowering is not None:
            number("lowering", self.lowering, ("<", 0.0), remedy="it depresses")

    def pulses(self, device: Synapse, recent: npt.NDArray[np.bool_]) -> FloatArray:
        """Amplitudes for the synapses of a neuron that spiked, float64 (inputs,)."""
        up = device.write_pulse if self.raising is None else self.raising
        down = -device.write_pulse if self.lowering is None else self.lowering
        return np.where(recent, up, down)
