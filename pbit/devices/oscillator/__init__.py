"""Nano-oscillators of spin torque: their laws, how they lock, and what they rectify."""

from pbit.devices.oscillator.auto_oscillator import AutoOscillator
from pbit.devices.oscillator.diode import SpinTorqueDiode
from pbit.devices.oscillator.rectifier import Rectifier, driven_amplitude

__all__ = ["AutoOscillator", "Rectifier", "SpinTorqueDiode", "driven_amplitude"]
