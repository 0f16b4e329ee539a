"""Classes by sampling: the features held, the label units left to their chains."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.problems.boltzmann.label_units import LabelUnits
from pbit.problems.boltzmann.machine import Machine

_SETTLE, _LOOKS, _BETWEEN = 40, 30, 2  # steps before, states that are looked at, steps to the next
_SEED = 0  # the same rows are told the same classes


def sampled_votes(
    machine: Machine, spins: npt.NDArray[np.int8], labels: LabelUnits
) -> npt.NDArray[np.float64]:
    """Part of the ups of all label units that each class has, over copies and steps.

    One chain a row. Label units are p-bits like others: more than one class may be up at a time.

    Returns
    -------
    float64, shape (rows, classes)
        Sums of 1; equal parts where no unit was ever up.
    """
    num_features = spins.shape[1]
    chains = machine.chains(len(spins), seed=_SEED)
    visible: npt.NDArray[Any] = machine.visible(chains)
    visible[:, :num_features] = spins
    machine.start(chains, visible)
    held = np.arange(visible.shape[1]) < num_features
    machine.advance(chains, _SETTLE, held=held)
    ups = np.zeros((len(spins), labels.count))
    for _ in range(_LOOKS):
        machine.advance(chains, _BETWEEN, held=held)
        ups += machine.visible(chains)[:, num_features:] > 0
    votes = labels.votes(ups) + np.finfo(np.float64).tiny
    return np.asarray(votes / votes.sum(axis=1, keepdims=True))
