"""Nano-oscillators of spin torque: their laws, how they lock, and what they rectify."""

from pbit.devices.oscillator.auto_oscillator import AutoOscillator
from pbit.devices.oscillator.characterise import Characterised, characterise
from pbit.devices.oscillator.envelope import envelope_step
from pbit.devices.oscillator.feedback import DelayedFeedback
from pbit.devices.oscillator.injection import Injection, locking_half_bandwidth_Hz
from pbit.devices.oscillator.linewidth import linewidth_Hz, phase_variance, thermal_noise_Hz
from pbit.devices.oscillator.locking import LockingRange, locking_range
from pbit.devices.oscillator.oscillator_run import AutoOscillatorRun
from pbit.devices.oscillator.perpendicular_film import oscillator_of_film
from pbit.devices.oscillator.phase_reduction import PhaseReduction
from pbit.devices.oscillator.presets import PRESETS, Preset, preset
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
    "RelaxationOscillator",
    "RelaxationRun",
    "Spectrum",
    "TuningFit",
    "characterise",
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
