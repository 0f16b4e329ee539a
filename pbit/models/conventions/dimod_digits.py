"""dimod's discrete models as digits and back: cases are consecutive there as they are here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dimod
import numpy as np

from pbit.checks import instance
from pbit.models.conventions.arrays import DitArrays

if TYPE_CHECKING:
    from pbit.models.digits.case_pairs import CasePairs
    from pbit.models.digits.dit_model import DitModel


def cases_of_dqm(dqm: dimod.DiscreteQuadraticModel) -> DitArrays:
    """Arrays of a model with the energies of a DQM, its variables as labels.

    Raises
    ------
    TypeError
        No DQM.
    """
    remedy = "DitModel.from_bqm takes a BQM with groups, DitModel.from_cqm a CQM"
    instance("dqm", dqm, dimod.DiscreteQuadraticModel, remedy=remedy)
    vectors = dqm.to_numpy_vectors(return_offset=True)
    linear = np.asarray(vectors.linear_biases, dtype=np.float64)
    starts = np.asarray(vectors.case_starts, dtype=np.int64)
    labels = list(vectors.labels)
    return DitArrays(
        np.diff(np.append(starts, linear.size)),
        linear,
        np.asarray(vectors.quadratic.row_indices, dtype=np.int64),
        np.asarray(vectors.quadratic.col_indices, dtype=np.int64),
        np.asarray(vectors.quadratic.biases, dtype=np.float64),
        float(vectors.offset),
        range(len(labels)) if labels == list(range(len(labels))) else labels,
        [dqm.get_cases(v) for v in labels] if hasattr(dqm, "get_cases") else (),
    )


def to_dqm(model: DitModel, pairs: CasePairs) -> dimod.DiscreteQuadraticModel:
    """DQM with the labels and energies of the model; cases with names of their own keep them."""
    plain = dimod.DiscreteQuadraticModel.from_numpy_vectors(
        model.starts[:-1], model.h, tuple(pairs), labels=list(model.labels), offset=model.offset
    )
    return plain if _are_numbers(model) else _named(model, plain)


def _are_numbers(model: DitModel) -> bool:
    return all(list(names) == list(range(len(names))) for names in model.cases)


def _named(model: DitModel, plain: dimod.DiscreteQuadraticModel) -> dimod.CaseLabelDQM:
    """The same with names of cases, each known within its variable."""
    dqm = dimod.CaseLabelDQM()
    for label, names in zip(model.labels, model.cases, strict=True):
        dqm.add_variable(list(names), label=label, shared_labels=True)
        dqm.set_linear(label, plain.get_linear(label))
    rows, cols = model.ends()
    for u, v in zip(rows.tolist(), cols.tolist(), strict=True):
        if u < v:
            one, other = model.labels[u], model.labels[v]
            dqm.set_quadratic(one, other, _by_number(plain.get_quadratic(one, other)))
    dqm.offset = model.offset
    return dqm


def _by_number(biases: dict[Any, float]) -> dict[Any, float]:
    return {(int(a), int(b)): bias for (a, b), bias in biases.items()}
