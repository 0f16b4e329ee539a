"""Biases and couplings of a model as a chip holds them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import sparse

from pbit.hardware.draws import Trait, edge_normals
from pbit.hardware.weights import Weights, programmed_values, rounded_to_bits
from pbit.models.directed import DirectedModel
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray


def programmed(
    weights: Weights, model: IsingModel | DirectedModel, normals: Callable[[], FloatArray]
) -> tuple[FloatArray, sparse.csr_array]:
    """Biases, shape (n,), and couplings, (n, n), row: the spin that feels it; one full scale.

    ``normals``: programming errors of the entries of J, :func:`programming_errors`. Biases are
    exact but for their bits.
    """
    h, J = model.h.astype(np.float64), sparse.csr_array(model.J, dtype=np.float64)
    full_scale = max(np.abs(J.data).max(initial=0.0), np.abs(h).max(initial=0.0))

    values = programmed_values(weights, J.data, full_scale=full_scale, normals=normals)
    if weights.weight_bits is not None and full_scale > 0:
        h = rounded_to_bits(h, full_scale, weights.weight_bits)
    return h, sparse.csr_array((values, J.indices, J.indptr), shape=J.shape)


def programming_errors(J: sparse.csr_array, *, seed: int) -> FloatArray:
    """In standard deviations, of each entry; ``seed`` is that of the fabrication."""
    rows = np.repeat(np.arange(J.shape[0]), np.diff(J.indptr))
    return edge_normals(Trait.EDGE_WEIGHT, rows, J.indices, seed=seed)
