"""Coupled oscillators: phases and amplitudes in time, what locks, what they remember."""
