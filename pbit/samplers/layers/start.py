"""Fair coins to start from."""

from __future__ import annotations

import numpy as np

from pbit.kernels.sweeps.gibbs import random_spins
from pbit.models.layered import Float32Array


def coins(shape: tuple[int, int], *, slot: int, first_chain: int, seed: int) -> Float32Array:
    """Fair spins (chains, units), the very ones that :func:`pbit.anneal` starts from at a slot."""
    chains, units = shape
    spins = np.empty((slot + units, chains), np.int8)
    random_spins(spins, first_chain, np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32))
    return np.ascontiguousarray(spins[slot:].T, dtype=np.float32)
