"""The contents of a problem file from a model: our sign turned into that of the files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pbit.formats.contents import AnyContents, Contents, TermContents

if TYPE_CHECKING:
    from pbit.models.polynomial import AnyModel


def contents_of(model: AnyModel, *, plain: bool = False) -> AnyContents:
    """Spins with the energies of the model, to be written by :func:`pbit.formats.write`.

    Parameters
    ----------
    model : IsingModel or PolynomialModel
    plain : bool
        For a format of pairs (coo): labels become positions.

    Returns
    -------
    TermContents, or Contents where ``plain``

    Raises
    ------
    ValueError
        ``plain`` with products of more than two spins.

    Examples
    --------
    >>> from pbit.models.ising import IsingModel
    >>> pair = IsingModel(h=[0.5, 0.0], J=[[0, 1], [1, 0]], labels=("a", "b"))
    >>> contents_of(pair).values.tolist()
    [-0.5, -1.0]
    """
    from pbit.models.ising import IsingModel
    from pbit.models.polynomial import PolynomialModel

    if isinstance(model, IsingModel):
        rows, cols, J = model.edges()
        biased = np.flatnonzero(model.h)
        if plain:
            return Contents(
                kind="ising",
                num_variables=model.num_spins,
                rows=np.concatenate([biased, rows]),
                cols=np.concatenate([biased, cols]),
                values=-np.concatenate([model.h[biased], J]),
                offset=model.offset,
            )
        model = PolynomialModel.from_ising_model(model)
    if plain:
        raise ValueError(
            f"a plain file must hold pairs of spins, got products of {model.degree}; write .json"
        )
    return TermContents(
        kind="hising",
        num_variables=model.num_spins,
        pointers=model.pointers,
        members=model.members.astype(np.int64),
        values=-model.weights,
        offset=model.offset,
        labels=model.labels,
    )
