"""A kind of synapse device as the command line lists it."""

from __future__ import annotations

from dataclasses import dataclass

from pbit.devices.synapses.synapse import Synapse


@dataclass(frozen=True)
class SynapseKind:
    """A device under a name; one at the end of a file of this package is found without a list.

    Parameters
    ----------
    name : str
    what : str
        One line.
    device : Synapse
        Typical parameters: round numbers unless the file says where they were measured.
    source : str
        Who made or proposed it.
    rank : int
        Place in lists, the smallest first.
    """

    name: str
    what: str
    device: Synapse
    source: str
    rank: int = 50
