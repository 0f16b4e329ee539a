"""What a layer draws on top of what its devices draw."""

from __future__ import annotations

from enum import IntEnum


class LayerDraw(IntEnum):
    """Draws of :mod:`pbit.devices.synapses.draws`; new ones take new numbers."""

    AGE = 384  # since when an input is silent, its turn the number of the look
    SPIKES = 385  # waiting times of an input, its turn the number of the spike
