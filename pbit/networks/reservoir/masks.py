"""Masks: what each virtual node sees of each input."""

from __future__ import annotations

from typing import Literal

import numpy as np

from pbit.checks import ArgumentError, integer
from pbit.networks.reservoir.protocol import FloatArray
from pbit.seeds import seed_of

Mask = Literal["binary", "uniform", "steps"]
MASKS: tuple[Mask, ...] = ("binary", "uniform", "steps")


def mask_of(kind: Mask, shape: tuple[int, int], *, seed: int, number: int = 0) -> FloatArray:
    """A mask, float64 (num_nodes, num_inputs), of rows whose squares sum to 1 on the average.

    Parameters
    ----------
    kind : {"binary", "uniform", "steps"}
        -1 or +1; even from -sqrt(3) to sqrt(3); or the six equal steps of -1 to +1, scaled to the
        same variance.
    shape : (num_nodes, num_inputs)
    seed, number : int
        The seed, and which of its masks.

    Raises
    ------
    ValueError
        An unknown kind, no nodes.

    Examples
    --------
    >>> sorted(set(mask_of("binary", (20, 1), seed=1).ravel().tolist()))
    [-1.0, 1.0]
    """
    if kind not in MASKS:
        raise ArgumentError("mask", f"must be one of {', '.join(MASKS)}", kind)
    nodes, inputs = (integer("shape", each, 1) for each in shape)
    rng = np.random.default_rng(seed_of(seed, number))
    if kind == "binary":
        mask = rng.choice((-1.0, 1.0), (nodes, inputs))
    elif kind == "uniform":
        mask = rng.uniform(-np.sqrt(3), np.sqrt(3), (nodes, inputs))
    else:
        levels = np.linspace(-1, 1, 6)
        mask = rng.choice(levels / levels.std(), (nodes, inputs))
    return np.asarray(mask / np.sqrt(inputs))
