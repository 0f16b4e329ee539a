"""Arrays of synapses: products by the laws of Ohm and Kirchhoff, programming, updates."""

from pbit.networks.crossbar.crossbar import Clipped, Crossbar, Transposed
from pbit.networks.crossbar.programming import (
    OpenLoop,
    Placed,
    Programmed,
    Programming,
    WriteVerify,
)
from pbit.networks.crossbar.reading import Reading
from pbit.networks.crossbar.trains import Trains, Updated
from pbit.networks.crossbar.wires import Wires, exact_transfer, fast_transfer
from pbit.networks.crossbar.xnor import Counter, Sums, XnorArray

__all__ = [
    "Clipped",
    "Counter",
    "Crossbar",
    "OpenLoop",
    "Placed",
    "Programmed",
    "Programming",
    "Reading",
    "Sums",
    "Trains",
    "Transposed",
    "Updated",
    "Wires",
    "WriteVerify",
    "XnorArray",
    "exact_transfer",
    "fast_transfer",
]
