"""Nano-oscillators of spin torque: their laws, how they lock, and what they rectify."""

from pbit.devices.oscillator.auto_oscillator import AutoOscillator

__all__ = ["AutoOscillator"]
