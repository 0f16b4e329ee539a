"""Coupled oscillators: phases and amplitudes in time, what locks, what they remember."""

from pbit.networks.oscillators.drives import Drive
from pbit.networks.oscillators.grids import locking_map
from pbit.networks.oscillators.layouts import (
    dipolar_couplings,
    electrical_couplings,
    spin_wave_couplings,
)
from pbit.networks.oscillators.oscillator_network import OscillatorNetwork
from pbit.networks.oscillators.oscillator_run import OscillatorRun
from pbit.networks.oscillators.phase_memory import PhaseMemory, overlaps, read_out
from pbit.networks.oscillators.phase_network import PhaseNetwork
from pbit.networks.oscillators.phase_run import PhaseRun, locked, order_parameter
from pbit.networks.oscillators.spread import with_spread
from pbit.networks.oscillators.synchronising import time_to_synchronise

__all__ = [
    "Drive",
    "OscillatorNetwork",
    "OscillatorRun",
    "PhaseMemory",
    "PhaseNetwork",
    "PhaseRun",
    "dipolar_couplings",
    "electrical_couplings",
    "locked",
    "locking_map",
    "order_parameter",
    "overlaps",
    "read_out",
    "spin_wave_couplings",
    "time_to_synchronise",
    "with_spread",
]
