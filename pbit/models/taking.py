"""A model from what a caller gives: taken where nothing is lost, else the way is named."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import sparse

from pbit.models.directed import DirectedModel
from pbit.models.ising import IsingModel
from pbit.models.polynomial import AnyModel, PolynomialModel

_MODELS = (IsingModel, PolynomialModel, DirectedModel)


def model_from(value: Any, *, name: str = "model") -> Any:
    """The model, or the one that a dimod BQM or polynomial stands for, energies and labels kept.

    Parameters
    ----------
    value : IsingModel, PolynomialModel, DirectedModel, dimod.BQM or dimod.BinaryPolynomial
    name : str
        Of the argument, for the error.

    Raises
    ------
    TypeError
        Anything else; what makes a model of it is named where it is known.

    Examples
    --------
    >>> import dimod
    >>> model_from(dimod.BQM.from_ising({}, {"ab": 1.0})).num_spins
    2
    >>> model_from({("a", "b"): 1.0})
    Traceback (most recent call last):
    ...
    TypeError: model must be an IsingModel, a PolynomialModel or a dimod BQM, got a dict; use \
IsingModel.from_qubo(Q) for a QUBO, IsingModel.from_ising(h, J) for fields and couplings
    """
    if isinstance(value, _MODELS) or _looks_like_one(value):
        return value
    dimod = sys.modules.get("dimod")  # who has none of its models has not imported it
    if dimod is not None and isinstance(value, dimod.BinaryPolynomial):
        return PolynomialModel.from_polynomial(value)
    if dimod is not None and hasattr(value, "vartype") and hasattr(value, "quadratic"):
        return IsingModel.from_bqm(value)
    what, remedy = _remedy(value)
    raise TypeError(
        f"{name} must be an IsingModel, a PolynomialModel or a dimod BQM, got {what}"
        + (f"; use {remedy}" if remedy else "")
    )


def energetic(value: Any, *, to: str, name: str = "model") -> AnyModel:
    """The model, which has to have energies ``to`` do something with.

    Raises
    ------
    TypeError
        No model, or a network of directed couplings.
    """
    model = model_from(value, name=name)
    if not isinstance(model, IsingModel | PolynomialModel):
        raise TypeError(
            f"{name} must be an IsingModel or a PolynomialModel, got {type(model).__name__}; other "
            f"networks have no energy to {to}"
        )
    return model


def _looks_like_one(value: Any) -> bool:
    """A model of somebody else's, for the exact laws."""
    return all(hasattr(value, name) for name in ("num_spins", "energy", "field"))


def _remedy(value: Any) -> tuple[str, str]:
    """What it is and what makes a model of it."""
    kind = type(value)
    if isinstance(value, str | os.PathLike):
        return (
            f"the name {os.fspath(value)!r}",
            f"pbit.read({os.fspath(value)!r}).model, or pbit.solve for the whole way",
        )
    if isinstance(value, Mapping):
        return (
            f"a {kind.__name__}",
            "IsingModel.from_qubo(Q) for a QUBO, IsingModel.from_ising(h, J) for fields and "
            "couplings",
        )
    if isinstance(value, np.ndarray | list | tuple) or sparse.issparse(value):
        shape = f" of shape {np.shape(value)}" if isinstance(value, np.ndarray) else ""
        return (
            f"a {kind.__name__}{shape}",
            "IsingModel(h, J) for fields and symmetric couplings, IsingModel.from_qubo(Q) for a "
            "QUBO",
        )
    if hasattr(value, "adjacency") and hasattr(value, "nodes"):
        return (
            f"a networkx {kind.__name__}",
            "IsingModel.from_networkx(graph) for couplings, pbit.problems.max_cut for a cut",
        )
    if hasattr(value, "num_case_interactions"):
        return (
            f"a {kind.__name__}",
            "DitModel.from_dqm(dqm), or DiscreteSampler().sample_dqm(dqm)",
        )
    if hasattr(value, "constraints") and hasattr(value, "objective"):
        return f"a {kind.__name__}", "pbit.solve(cqm), or dimod.cqm_to_bqm(cqm)"
    if hasattr(value, "decode") and hasattr(value, "model"):
        return f"the problem {kind.__name__}", "its .model, or pbit.solve(problem)"
    return f"{value!r:.60} ({kind.__name__})", ""
