"""Coupled oscillators: phases and amplitudes in time, what locks, what they remember."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pbit.registry import names_at_home

if TYPE_CHECKING:
    from pbit.networks.oscillators.drives import Drive
    from pbit.networks.oscillators.grids import locking_map
    from pbit.networks.oscillators.layouts import (
        dipolar_couplings,
        electrical_couplings,
        spin_wave_couplings,
    )
    from pbit.networks.oscillators.locking_classifier import LockingClassifier
    from pbit.networks.oscillators.oscillator_network import OscillatorNetwork
    from pbit.networks.oscillators.oscillator_run import OscillatorRun
    from pbit.networks.oscillators.phase_memory import PhaseMemory, overlaps, read_out
    from pbit.networks.oscillators.phase_network import PhaseNetwork
    from pbit.networks.oscillators.phase_run import PhaseRun, locked, order_parameter
    from pbit.networks.oscillators.spread import with_spread
    from pbit.networks.oscillators.synchronising import time_to_synchronise

__all__ = [
    "Drive",
    "LockingClassifier",
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

_HOME = {
    "Drive": "drives",
    "LockingClassifier": "locking_classifier",
    "OscillatorNetwork": "oscillator_network",
    "OscillatorRun": "oscillator_run",
    "PhaseMemory": "phase_memory",
    "PhaseNetwork": "phase_network",
    "PhaseRun": "phase_run",
    "dipolar_couplings": "layouts",
    "electrical_couplings": "layouts",
    "locked": "phase_run",
    "locking_map": "grids",
    "order_parameter": "phase_run",
    "overlaps": "phase_memory",
    "read_out": "phase_memory",
    "spin_wave_couplings": "layouts",
    "time_to_synchronise": "synchronising",
    "with_spread": "spread",
}

__getattr__ = names_at_home("pbit.networks.oscillators", _HOME)


def __dir__() -> list[str]:
    return list(__all__)
