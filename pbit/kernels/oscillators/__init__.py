"""Compiled steps of coupled oscillators: phases, amplitudes, powers."""
