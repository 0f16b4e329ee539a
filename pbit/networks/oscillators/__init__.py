"""Coupled oscillators: phases and amplitudes in time, what locks, what they remember."""

from pbit.networks.oscillators.grids import locking_map
from pbit.networks.oscillators.phase_network import PhaseNetwork
from pbit.networks.oscillators.phase_run import PhaseRun, locked, order_parameter

__all__ = ["PhaseNetwork", "PhaseRun", "locked", "locking_map", "order_parameter"]
