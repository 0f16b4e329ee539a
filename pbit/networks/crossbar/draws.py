"""What an array draws on top of what its devices draw."""

from __future__ import annotations

from enum import IntEnum


class ArrayDraw(IntEnum):
    """Draws of :mod:`pbit.devices.synapses.draws`; new ones take new numbers."""

    STUCK = 256
    PLACING = 257  # errors of conductances that are put, not pulsed
    READING = 258  # noise of an output line, its turn the number of the read
    READING_BACK = 259  # of an input line
    OUTPUT_TRAIN = 260  # pulses on an output line, its turn the number of the update
    INPUT_TRAIN = 261
