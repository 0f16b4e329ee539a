"""A Bayesian network as directed p-bits: one sequential sweep draws a state of the exact law."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np

from pbit.checks import ArgumentError
from pbit.models.directed import DirectedModel
from pbit.models.labels import FloatArray
from pbit.problems.bayes.network import BayesianNetwork, Node

DEFAULT_GAIN = 20.0
_ROUNDING = 1e-12


@dataclass(frozen=True)
class All:
    """Name of an auxiliary p-bit: +1 where all of these nodes are."""

    nodes: tuple[Node, ...]


def directed_model(network: BayesianNetwork, *, gain: float = DEFAULT_GAIN) -> DirectedModel:
    r"""Directed p-bits whose sequential sweep at beta = 1 is a draw from the network.

    A p-bit is +1 with probability :math:`\sigma(2 I)`, so that its input has to be half the log
    odds of its table, :math:`I(x) = \frac12 \ln(P_1 / P_0)` for parents :math:`x \in \{0, 1\}`. It
    is written as a sum over sets of parents, :math:`I(x) = \sum_T a_T \prod_{i \in T} x_i` with
    :math:`a_T = \sum_{U \subseteq T} (-1)^{|T| - |U|} I(1_U)`. Single parents act by couplings; for
    each larger set with :math:`a_T \ne 0` there is an auxiliary p-bit, named :class:`All`, that is
    +1 where all of T are: a threshold of gain g. Log odds that add up, those of one parent or of
    the genetic network, need none.

    Where it is exact: log odds beyond :math:`\pm 2 g`, and the auxiliary p-bits, are wrong with a
    probability of at most :math:`e^{-2 g}`, 4e-18 by default, below the 2**-32 to which
    probabilities are resolved. Zeros and ones in tables are such log odds.

    Parameters
    ----------
    network : BayesianNetwork
    gain : float
        Largest input, 1 to 100.

    Returns
    -------
    DirectedModel
        Its labels are the nodes and :class:`All`, parents before children.

    Raises
    ------
    ValueError
        A gain out of range.

    References
    ----------
    Faria, Kaiser, Camsari, Datta, Front. Comput. Neurosci. 15, 584797 (2021), who run Bayesian
    networks on directed p-bits of two parents at most.

    Examples
    --------
    >>> tables = {"a": ((), [0.5, 0.5]), "b": (("a",), [[0.9, 0.1], [0.1, 0.9]])}
    >>> model = directed_model(BayesianNetwork.from_tables(tables))
    >>> model.labels, round(float(model.J[1, 0]), 6)
    (('a', 'b'), 1.098612)
    """
    if not 1 <= gain <= 100:
        raise ArgumentError("gain", "must be 1 to 100", gain, remedy="20 is exact to 4e-18")
    labels: dict[Node, float] = {}
    edges: list[tuple[Node, Node, float]] = []
    for node in network.nodes:
        parents = network.parents[node]
        weights = _weights(network.tables[node], gain)
        sets = [set_ for set_ in _subsets(len(parents)) if set_ in weights]
        sources = [_source(set_, parents) for set_ in sets]
        for source in sources:
            if isinstance(source, All) and source not in labels:
                labels[source] = -gain * (len(source.nodes) - 1)
                edges += [(member, source, gain) for member in source.nodes]
        labels[node] = weights[()] + sum(weights[set_] for set_ in sets) / 2
        edges += [
            (source, node, weights[set_] / 2) for source, set_ in zip(sources, sets, strict=True)
        ]
    return DirectedModel.from_edges(
        [source for source, _, _ in edges],
        [target for _, target, _ in edges],
        [weight for _, _, weight in edges],
        h=np.array(list(labels.values())),
        labels=tuple(labels),
    )


def _weights(table: FloatArray, gain: float) -> dict[tuple[int, ...], float]:
    """The coefficients a_T, those of rounding left out; that of the empty set is always there."""
    with np.errstate(divide="ignore"):
        inputs = np.clip((np.log(table[..., 1]) - np.log(table[..., 0])) / 2, -gain, gain)
    coefficients = inputs.copy()
    for axis in range(inputs.ndim):
        low, high = np.split(coefficients, 2, axis=axis)
        coefficients = np.concatenate([low, high - low], axis=axis)
    least = _ROUNDING * float(abs(inputs).max())
    found: dict[tuple[int, ...], float] = {(): float(coefficients[(0,) * inputs.ndim])}
    for set_ in _subsets(inputs.ndim):
        value = float(coefficients[tuple(int(k in set_) for k in range(inputs.ndim))])
        if abs(value) > least:
            found[set_] = value
    return found


def _subsets(size: int) -> Iterator[tuple[int, ...]]:
    """All sets but the empty one, small ones first."""
    return chain.from_iterable(combinations(range(size), k) for k in range(1, size + 1))


def _source(set_: tuple[int, ...], parents: tuple[Node, ...]) -> Node:
    if len(set_) == 1:
        return parents[set_[0]]
    return All(tuple(parents[k] for k in set_))
