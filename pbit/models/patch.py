"""A patch of a large model: a few spins around one, the others held."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pbit.checks import integer
from pbit.models.clamping import Clamped, clamp
from pbit.models.ising import IsingModel


def spins_around(model: IsingModel, centre: int, size: int) -> npt.NDArray[np.int64]:
    """The spins closest to a centre, counted in couplings; ties go to the lower index.

    Parameters
    ----------
    model : IsingModel
    centre : int
        0 <= centre < n.
    size : int
        >= 1; there are fewer where the component of the centre has fewer.

    Returns
    -------
    int64, ascending

    Raises
    ------
    TypeError, ValueError
        An argument that is no integer or out of range.

    Examples
    --------
    >>> chain = IsingModel.from_edges([0, 1, 2, 3], [1, 2, 3, 4], [1.0] * 4)
    >>> spins_around(chain, 3, 3).tolist()
    [2, 3, 4]
    """
    integer("centre", centre, 0, model.num_spins - 1)
    integer("size", size, 1)
    found, seen = [centre], {centre}
    layer = [centre]
    while layer and len(found) < size:
        rows = [model.J.indices[model.J.indptr[v] : model.J.indptr[v + 1]] for v in layer]
        layer = sorted(set(np.concatenate(rows).tolist()) - seen)
        seen.update(layer)
        found += layer
    return np.array(sorted(found[:size]), dtype=np.int64)


def patch(model: IsingModel, spins: npt.ArrayLike, state: npt.ArrayLike) -> Clamped:
    """The model of some spins with all others held at a state: their law given the rest, exactly.

    Parameters
    ----------
    model : IsingModel
    spins : int array
        Indices of the spins that stay free.
    state : array of -1 and +1, shape (n,)

    Returns
    -------
    Clamped

    Examples
    --------
    >>> chain = IsingModel.from_edges([0, 1, 2], [1, 2, 3], [1.0, 1.0, 1.0])
    >>> patch(chain, [1], [1, 1, -1, 1]).model.h.tolist()
    [0.0]
    """
    values = np.asarray(state)
    held = np.setdiff1d(np.arange(model.num_spins), np.asarray(spins))
    constants = zip(held.tolist(), values[held].tolist(), strict=True)
    return clamp(model, {model.labels[i]: value for i, value in constants})
