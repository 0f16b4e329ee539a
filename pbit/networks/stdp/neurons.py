r"""Integrate-and-fire neurons that hold each other back.

A potential leaks, :math:`\dot v = -v / \tau + I`, in units of the charge of one spike at every
input through synapses at their highest conductance. The neuron whose potential is above its
threshold, by the largest factor where there are several, spikes and starts from 0 again. For a
while nobody else integrates, and its own threshold is higher from then on, less and less so.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number


@dataclass(frozen=True)
class Neurons:
    """What all neurons of a layer have in common.

    Parameters
    ----------
    threshold : float
        Of a neuron that never spiked.
    leak_s : float
        τ.
    inhibition_s : float
        How long the others do not integrate after a spike; their potentials leak.
    refractory_s : float
        How long the neuron itself does not.
    raised_by : float
        By how much a spike raises the threshold of its neuron.
    raised_s : float
        Time in which a raised threshold comes down by a factor e.

    Raises
    ------
    TypeError, ValueError
        Numbers out of the range that the message names.

    References
    ----------
    Thresholds that keep neurons equally active: D. Querlioz et al., IEEE Trans. Nanotechnol. 12,
    288 (2013).

    Examples
    --------
    >>> Neurons(threshold=0.5).leak_s
    0.1
    """

    threshold: float = 0.75
    leak_s: float = 0.1
    inhibition_s: float = 0.1
    refractory_s: float = 0.1
    raised_by: float = 0.02
    raised_s: float = 500.0

    def __post_init__(self) -> None:
        for field in fields(self):
            least = ">=" if field.name in ("inhibition_s", "refractory_s", "raised_by") else ">"
            number(field.name, getattr(self, field.name), (least, 0.0), remedy="times are seconds")

    def first_crossings(
        self, potentials: FloatArray, drive: FloatArray, thresholds: FloatArray
    ) -> FloatArray:
        """Seconds until each potential reaches its threshold under a constant current.

        Parameters
        ----------
        potentials, drive, thresholds : float64, shape (neurons,)
            The drive is I, per second.

        Returns
        -------
        float64, shape (neurons,)
            Infinity for those that never do.

        Examples
        --------
        >>> v, I, threshold = np.zeros(2), np.array([2.0, 0.5]), np.full(2, 0.1)
        >>> Neurons(leak_s=0.1).first_crossings(v, I, threshold).round(4).tolist()
        [0.0693, inf]
        """
        ends = drive * self.leak_s
        reach = ends > thresholds
        gap = np.where(reach, ends - thresholds, 1.0)
        times = self.leak_s * np.log(np.maximum((ends - potentials) / gap, 1.0))
        return np.where(reach, times, np.inf)
