"""Rank-1 updates of a whole array by pulses that meet: one train a line, all devices at once.

To add ``d_i x_j`` to each weight, output line i has a pulse in a slot with probability ``p_i`` in
proportion to ``|d_i|``, input line j with ``q_j`` in proportion to ``|x_j|``. Where two meet, the
device takes a step w in the direction of ``sign(d_i x_j)``; over n slots the mean change is
``n w p_i q_j``, which is ``d_i x_j`` with

    p_i = |d_i| sqrt(k m_x / m_d),  q_j = |x_j| sqrt(k m_d / m_x),  k = 1 / (n w)

where ``m_d = max |d|`` and ``m_x = max |x|``: the busiest lines are then equally busy.
Probabilities above 1 are 1, which is counted. The number of steps of one device is binomial; those
of one line go together.

Sources: T. Gokmen, Y. Vlasov, Front. Neurosci. 10, 333 (2016), eq. 1; the balance of both sides:
T. Gokmen, M. Onen, W. Haensch, Front. Neurosci. 11, 538 (2017).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pbit.checks import integer
from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number
from pbit.devices.synapses import Synapse
from pbit.devices.synapses.draws import IntArray, uniforms
from pbit.networks.crossbar.draws import ArrayDraw
from pbit.networks.crossbar.layout import Layout
from pbit.networks.crossbar.programming import mean_step

MOST_SLOTS = 1024


@dataclass(frozen=True)
class Trains:
    """Trains of pulses.

    Parameters
    ----------
    step : float
        Mean change of a weight where two pulses meet, in its unit.
    slots : int
        Of one train.

    Raises
    ------
    TypeError, ValueError
        Numbers out of the range that the message names.
    """

    step: float
    slots: int = 31

    def __post_init__(self) -> None:
        number("step", self.step, (">", 0.0), remedy="the device's pulses must change it")
        integer("slots", self.slots, 1, MOST_SLOTS)

    @classmethod
    def of(cls, device: Synapse, layout: Layout, slots: int = 31) -> Trains:
        """Those of an array of such devices.

        Examples
        --------
        >>> from pbit.devices.synapses import LinearSynapse
        >>> from pbit.networks.crossbar.layout import Balanced
        >>> step = Trains.of(LinearSynapse(0.0, 1e-6), Balanced(0.0, 1e-6, weight_range=1.0)).step
        >>> round(step, 12)
        0.02
        """
        return cls(layout.devices_moved * mean_step(device) / layout.siemens, slots)


class Updated(NamedTuple):
    """What an update did.

    Parameters
    ----------
    counts : int64, shape (out, in)
        Pulses at each weight.
    clipped : int
        Lines whose probability would have been above 1, over all trains.
    """

    counts: IntArray
    clipped: int


class Lines(NamedTuple):
    """Probabilities of a pulse in a slot, of output and input lines, and how many were above 1."""

    outputs: FloatArray
    inputs: FloatArray
    clipped: int


def line_probabilities(trains: Trains, outputs: FloatArray, inputs: FloatArray) -> Lines:
    """How often each line has a pulse.

    Examples
    --------
    >>> lines = line_probabilities(Trains(0.01, 10), np.array([0.01, 0.0]), np.array([1.0, -2.0]))
    >>> [p.round(3).tolist() for p in lines[:2]], lines.clipped
    ([[0.447, 0.0], [0.224, 0.447]], 0)
    """
    one, other = np.abs(outputs), np.abs(inputs)
    most_one, most_other = float(one.max()), float(other.max())
    if most_one == 0 or most_other == 0:
        return Lines(np.zeros(one.size), np.zeros(other.size), 0)
    busiest = np.sqrt(most_one) * np.sqrt(most_other) / np.sqrt(trains.slots * trains.step)
    wanted = one * (busiest / most_one), other * (busiest / most_other)
    clipped = sum(int((p > 1).sum()) for p in wanted)
    return Lines(np.minimum(wanted[0], 1.0), np.minimum(wanted[1], 1.0), clipped)


def coincidences(
    trains: Trains, outputs: FloatArray, inputs: FloatArray, *, seed: int, update: int
) -> Updated:
    """Signed numbers of steps of one pair of trains, int64 (out, in).

    Parameters
    ----------
    trains : Trains
    outputs, inputs : float64, shapes (out,) and (in,)
    seed, update : int
        Of the array, and how many trains it had before.

    Returns
    -------
    Updated
    """
    lines = line_probabilities(trains, outputs, inputs)
    pulses = [
        (uniforms(draw, np.arange(p.size), seed=seed, turns=update, width=trains.slots)
         < p[:, None]).astype(np.float64)
        for draw, p in ((ArrayDraw.OUTPUT_TRAIN, lines.outputs),
                        (ArrayDraw.INPUT_TRAIN, lines.inputs))
    ]  # fmt: skip
    met = np.rint(pulses[0] @ pulses[1].T).astype(np.int64)
    signs = np.sign(outputs)[:, None] * np.sign(inputs)
    return Updated(met * signs.astype(np.int64), lines.clipped)
