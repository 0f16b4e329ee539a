"""Free energies of restricted machines: the hidden layer summed out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pbit.models.layered import LayeredModel


def log_two_cosh(x: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """``log(2 cosh x)`` without overflow."""
    size = np.abs(x)
    return np.asarray(size + np.log1p(np.exp(-2 * size)))


def free_energy(
    model: LayeredModel, visible: npt.ArrayLike, *, dtype: npt.DTypeLike = np.float32
) -> npt.NDArray[np.float64]:
    r"""Free energy of states of the visible layer of two.

    .. math:: F(v) = -b \cdot v - \sum_j \log 2\cosh(c_j + (v^T W)_j), \qquad
              p(v) = e^{-F(v)} / Z

    Parameters
    ----------
    model : LayeredModel
        Of two layers.
    visible : array of -1 and +1, shape (rows, n_0)
    dtype : dtype
        Of the fields and of what each hidden p-bit adds: float64 where sums of millions of rows are
        compared with each other.

    Returns
    -------
    float64, shape (rows,)

    References
    ----------
    Hinton, "A practical guide to training restricted Boltzmann machines", UTML TR 2010-003,
    eq. 25 (there with bits).
    """
    v = np.ascontiguousarray(visible, dtype=dtype)
    fields = v @ model.weights[0].astype(dtype, copy=False) + model.biases[1]
    summed = log_two_cosh(fields).sum(axis=1, dtype=np.float64)
    return np.asarray(-summed - v @ model.biases[0].astype(np.float64))
