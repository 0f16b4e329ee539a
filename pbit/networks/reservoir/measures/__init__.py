"""What reservoirs can do, measured: memory, parity, processing capacity, rank."""

from pbit.networks.reservoir.measures.capacity import (
    Capacities,
    information_processing_capacity,
)
from pbit.networks.reservoir.measures.memory import (
    MemoryCurve,
    memory_curves,
    parity_capacity,
    short_term_memory,
)
from pbit.networks.reservoir.measures.rank import Ranks, ranks

__all__ = [
    "Capacities",
    "MemoryCurve",
    "Ranks",
    "information_processing_capacity",
    "memory_curves",
    "parity_capacity",
    "ranks",
    "short_term_memory",
]
