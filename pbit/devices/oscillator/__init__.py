"""Nano-oscillators of spin torque: their laws, how they lock, and what they rectify."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pbit.registry import names_at_home

if TYPE_CHECKING:
    from pbit.devices.oscillator.auto_oscillator import AutoOscillator
    from pbit.devices.oscillator.characterising import Characterised, characterise
    from pbit.devices.oscillator.diode import SpinTorqueDiode
    from pbit.devices.oscillator.envelope import envelope_step
    from pbit.devices.oscillator.feedback import DelayedFeedback
    from pbit.devices.oscillator.injection import Injection, locking_half_bandwidth_Hz
    from pbit.devices.oscillator.linewidth import linewidth_Hz, phase_variance, thermal_noise_Hz
    from pbit.devices.oscillator.locking import LockingRange, locking_range
    from pbit.devices.oscillator.oscillator_run import AutoOscillatorRun
    from pbit.devices.oscillator.perpendicular_film import oscillator_of_film
    from pbit.devices.oscillator.phase_reduction import PhaseReduction
    from pbit.devices.oscillator.presets import PRESETS, Preset, preset
    from pbit.devices.oscillator.rectifier import Rectifier, driven_amplitude
    from pbit.devices.oscillator.relaxation import RelaxationOscillator, RelaxationRun
    from pbit.devices.oscillator.simulation import simulate
    from pbit.devices.oscillator.source import emitted_power_W
    from pbit.devices.oscillator.spectrum import Line, Spectrum, fit_line, power_spectrum
    from pbit.devices.oscillator.tuning_fit import TuningFit, fit_oscillator

__all__ = [
    "PRESETS",
    "AutoOscillator",
    "AutoOscillatorRun",
    "Characterised",
    "DelayedFeedback",
    "Injection",
    "Line",
    "LockingRange",
    "PhaseReduction",
    "Preset",
    "Rectifier",
    "RelaxationOscillator",
    "RelaxationRun",
    "Spectrum",
    "SpinTorqueDiode",
    "TuningFit",
    "characterise",
    "driven_amplitude",
    "emitted_power_W",
    "envelope_step",
    "fit_line",
    "fit_oscillator",
    "linewidth_Hz",
    "locking_half_bandwidth_Hz",
    "locking_range",
    "oscillator_of_film",
    "phase_variance",
    "power_spectrum",
    "preset",
    "simulate",
    "thermal_noise_Hz",
]

_HOME = {
    "PRESETS": "presets",
    "AutoOscillator": "auto_oscillator",
    "AutoOscillatorRun": "oscillator_run",
    "Characterised": "characterising",
    "DelayedFeedback": "feedback",
    "Injection": "injection",
    "Line": "spectrum",
    "LockingRange": "locking",
    "PhaseReduction": "phase_reduction",
    "Preset": "presets",
    "Rectifier": "rectifier",
    "RelaxationOscillator": "relaxation",
    "RelaxationRun": "relaxation",
    "Spectrum": "spectrum",
    "SpinTorqueDiode": "diode",
    "TuningFit": "tuning_fit",
    "characterise": "characterising",
    "driven_amplitude": "rectifier",
    "emitted_power_W": "source",
    "envelope_step": "envelope",
    "fit_line": "spectrum",
    "fit_oscillator": "tuning_fit",
    "linewidth_Hz": "linewidth",
    "locking_half_bandwidth_Hz": "injection",
    "locking_range": "locking",
    "oscillator_of_film": "perpendicular_film",
    "phase_variance": "linewidth",
    "power_spectrum": "spectrum",
    "preset": "presets",
    "simulate": "simulation",
    "thermal_noise_Hz": "linewidth",
}

__getattr__ = names_at_home("pbit.devices.oscillator", _HOME)


def __dir__() -> list[str]:
    return list(__all__)
