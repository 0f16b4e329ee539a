"""An antiferromagnet turned by current pulses in two directions, as CuMnAs is.

A pulse along one axis turns domains one way, a pulse along the other back: amplitudes above and
below 0 are pulses along these two axes. Their thresholds need not be the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from pbit.devices.synapses.kind import SynapseKind
from pbit.devices.synapses.preisach import Preisach


@dataclass(frozen=True)
class CuMnAs(Preisach):
    """Domains of an antiferromagnet; thresholds depend on the direction of the pulse.

    Parameters
    ----------
    num_domains, threshold_A, threshold_down_A, spread, low_S, range_S
        As of :class:`pbit.devices.synapses.preisach.Preisach`; the anisotropic magnetoresistance is
        a fraction of a per cent.

    References
    ----------
    P. Wadley et al., Science 351, 587 (2016). Parameters are round numbers.

    Examples
    --------
    >>> array = CuMnAs().made(500, seed=1)
    >>> array.pulse(array.device.threshold_A)
    >>> array.pulse(-array.device.threshold_A)  # less than its threshold the other way
    >>> share = (array.conductance() - array.lowest) / (array.highest - array.lowest)
    >>> 0.42 < float(share.mean()) < 0.5
    True
    """

    threshold_down_A: float = 1.3e-2
    range_S: float = 2e-7


KIND = SynapseKind(
    name="cumnas",
    what="Antiferromagnet turned by pulses along two axes, other thresholds for each.",
    device=CuMnAs(),
    source="P. Wadley et al., Science 351, 587 (2016)",
    rank=11,
)
