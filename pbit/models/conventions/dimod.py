"""Translation to and from dimod, the only place where dimod's opposite sign is handled.

dimod: ``E = sum h s + sum_{i<j} J s s + offset``; ours: ``E = -h s - s^T J s / 2 + offset``.
Polynomials likewise: ``E = sum bias prod s`` there, ``E = -sum w prod s + offset`` here.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import dimod
import numpy as np

from pbit.checks import instance
from pbit.models.conventions.arrays import EdgeArrays, TermArrays
from pbit.models.conventions.hubo import spin_terms, to_hubo
from pbit.models.conventions.qubo import edges_of_bits
from pbit.models.labels import check_pairs, index_of
from pbit.models.numbers import as_floats
from pbit.models.term_checks import flattened
from pbit.models.terms import Terms, pointers_of

if TYPE_CHECKING:
    from pbit.models.ising import IsingModel
    from pbit.models.polynomial import PolynomialModel


def edges_of_bqm(bqm: dimod.BinaryQuadraticModel) -> EdgeArrays:
    """Arrays of a model with the energies of a spin or binary BQM, its variables as labels."""
    remedy = "use from_qubo(Q) for a QUBO, from_ising(h, J) for fields and couplings"
    if not hasattr(bqm, "to_numpy_vectors"):
        instance("bqm", bqm, dimod.BinaryQuadraticModel, remedy=remedy)
    labels = list(bqm.variables)
    vectors = bqm.to_numpy_vectors(variable_order=labels)
    linear = np.asarray(vectors.linear_biases, dtype=np.float64)
    rows, cols = vectors.quadratic.row_indices, vectors.quadratic.col_indices
    biases = np.asarray(vectors.quadratic.biases, dtype=np.float64)
    offset = float(vectors.offset)
    names = range(len(labels)) if labels == list(range(len(labels))) else labels
    if bqm.vartype is dimod.BINARY:
        return edges_of_bits(linear, rows, cols, biases, offset=offset, labels=names)
    return EdgeArrays(rows, cols, -biases, -linear, offset, names)


def to_bqm(model: IsingModel) -> dimod.BinaryQuadraticModel:
    """Spin-valued BQM with the labels and energies of the model."""
    rows, cols, weights = model.edges()
    return dimod.BinaryQuadraticModel.from_numpy_vectors(
        -model.h, (rows, cols, -weights), model.offset, dimod.SPIN, variable_order=model.labels
    )


def edges_of_ising(
    h: Mapping[Hashable, float] | Sequence[float],
    J: Mapping[tuple[Hashable, Hashable], float],
    offset: float = 0.0,
) -> EdgeArrays:
    """Arrays of ``(h, J)`` given in dimod's sign; h may be a list, labels any hashables."""
    remedy = "dictionaries of pairs are in dimod's sign; IsingModel(h, J) takes matrices"
    instance("J", J, Mapping, remedy=remedy)
    check_pairs("J", J)
    if not isinstance(h, Iterable):
        raise TypeError(f"h must be a dict of labels to fields, or a list, got {h!r:.60}")
    biases = dict(h) if isinstance(h, Mapping) else dict(enumerate(h))
    labels = list(dict.fromkeys([*biases, *(v for pair in J for v in pair)]))
    position = index_of(labels)
    rows = np.fromiter((position[u] for u, _ in J), dtype=np.int64, count=len(J))
    cols = np.fromiter((position[v] for _, v in J), dtype=np.int64, count=len(J))
    weights = as_floats("J", list(J.values()))
    linear = as_floats("h", [biases.get(v, 0.0) for v in labels])
    return EdgeArrays(rows, cols, -weights, -linear, offset, labels)


def to_ising(model: IsingModel) -> tuple[dict[Any, float], dict[tuple[Any, Any], float], float]:
    """``(h, J, offset)`` in dimod's sign, each pair once."""
    rows, cols, weights = model.edges()
    names = model.labels
    h = {label: -float(bias) for label, bias in zip(names, model.h, strict=True)}
    J = {
        (names[i], names[j]): -float(w)
        for i, j, w in zip(rows.tolist(), cols.tolist(), weights, strict=True)
    }
    return h, J, model.offset


def terms_of_polynomial(polynomial: dimod.BinaryPolynomial) -> TermArrays:
    """Arrays of a model with the energies of a spin or binary polynomial, its variables as labels.

    dimod keeps the variables as a set: labels are sorted, for the same model in every process.

    Raises
    ------
    ValueError
        NaN or infinity, or terms over bits that multiply out to too many products.
    """
    names, sizes, biases = flattened(polynomial)
    labels = _sorted(dict.fromkeys(names))
    position = index_of(labels)
    members = np.fromiter((position[v] for v in names), dtype=np.int32, count=len(names))
    shown = range(len(labels)) if labels == list(range(len(labels))) else labels
    terms = Terms(pointers_of(sizes), members, biases)
    if polynomial.vartype is dimod.BINARY:
        return spin_terms(terms, labels=shown)
    return TermArrays(terms.pointers, members, -biases, 0.0, shown)


def to_polynomial(model: PolynomialModel, vartype: Any = "SPIN") -> dimod.BinaryPolynomial:
    """Polynomial over spins or bits with the labels and energies of the model.

    A spin that is in no term is there with bias 0, so that no variable is lost.

    Raises
    ------
    ValueError
        Terms that multiply out to too many products over bits.
    """
    names = model.labels
    unused = np.ones(model.num_spins, dtype=bool)
    unused[model.members] = False
    biases: dict[tuple[Any, ...], float] = {
        (names[i],): 0.0 for i in np.flatnonzero(unused).tolist()
    }
    if dimod.as_vartype(vartype) is dimod.BINARY:
        H, offset = to_hubo(model)
        biases |= H
    else:
        offset = model.offset
        biases |= {tuple(names[i] for i in body): -weight for body, weight in model.terms()}
    if offset:
        biases[()] = offset
    return dimod.BinaryPolynomial(biases, vartype)


def _sorted(labels: Iterable[Hashable]) -> list[Any]:
    """Labels in an order of their own: their natural one, or by type and text."""
    try:
        return sorted(labels)  # type: ignore[type-var]
    except TypeError:
        return sorted(labels, key=lambda label: (type(label).__name__, repr(label)))
