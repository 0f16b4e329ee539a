"""Pseudo-likelihood of restricted machines, every visible p-bit flipped once."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.kernels.layers.flips import LANES, flip_gains
from pbit.models.layered import Float32Array, LayeredModel
from pbit.samplers.layers.rows import shared, spans

_BLOCK = 256
_TERM_NS = 0.5


def log_pseudo_likelihood(model: LayeredModel, visible: npt.ArrayLike) -> npt.NDArray[np.float64]:
    r"""Pseudo-log-likelihood of states of the visible layer of two.

    .. math:: \sum_i \log p(v_i | v_{-i}) = \sum_i \log \sigma(F(v^{(i)}) - F(v))

    with :math:`v^{(i)}` the state whose spin i is turned (Besag, J. R. Stat. Soc. D 24, 179
    (1975)); exact, at the cost of units times units a row.

    Parameters
    ----------
    model : LayeredModel
        Of two layers.
    visible : array of -1 and +1, shape (rows, n_0)

    Returns
    -------
    float64, shape (rows,)
    """
    v = np.ascontiguousarray(visible, dtype=np.float32)
    out: npt.NDArray[Any] = np.empty(len(v))
    for start in range(0, len(v), _BLOCK):
        rows = v[start : start + _BLOCK]
        fields = rows @ model.weights[0] + model.biases[1]
        gains = flip_costs(model, rows, fields)
        out[start : start + _BLOCK] = -np.logaddexp(0.0, -gains.astype(np.float64)).sum(axis=1)
    return out


def flip_costs(model: LayeredModel, rows: Float32Array, fields: Float32Array) -> Float32Array:
    """Free energy that turning each of the first visible p-bits costs, float32 as ``rows``.

    rows: float32 (rows, at most n_0); fields: on the hidden p-bits, biases included.
    """
    gains = np.empty(rows.shape, np.float32)

    def work(span: tuple[int, int]) -> None:
        start, stop = span
        scratch = np.empty((2, LANES), np.float32)
        part = rows[start:stop], fields[start:stop]
        flip_gains(part, model.weights[0], model.biases[0], gains[start:stop], scratch)

    shared(work, spans(len(rows), rows.size * model.sizes[1] * _TERM_NS))
    return gains
