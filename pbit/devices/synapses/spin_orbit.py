"""The memristor of an antiferromagnet beneath a ferromagnet, turned by spin-orbit torque.

Exchange bias differs from grain to grain, so that the domains switch one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass

from pbit.devices.synapses.kind import SynapseKind
from pbit.devices.synapses.preisach import Preisach


@dataclass(frozen=True)
class SpinOrbitMemristor(Preisach):
    """A hundred domains with thresholds that spread by a fifth, the same both ways.

    Parameters
    ----------
    num_domains, threshold_A, threshold_down_A, spread, low_S, range_S
        As of :class:`pbit.devices.synapses.preisach.Preisach`.

    References
    ----------
    S. Fukami et al., Nat. Mater. 15, 535 (2016); W. A. Borders et al., Appl. Phys. Express 10,
    013007 (2017). Parameters are round numbers.

    Examples
    --------
    >>> array = SpinOrbitMemristor().made(500, seed=1)
    >>> array.pulse(1e-2)  # the mean threshold
    >>> share = (array.conductance() - array.lowest) / (array.highest - array.lowest)
    >>> 0.49 < float(share.mean()) < 0.51
    True
    """


KIND = SynapseKind(
    name="spin-orbit",
    what="Antiferromagnet and ferromagnet of a hundred domains (Preisach).",
    device=SpinOrbitMemristor(),
    source="S. Fukami et al., Nat. Mater. 15, 535 (2016)",
    rank=10,
)
