"""Directed logic: p-bits that follow the inputs of their gate and do not act back."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

import numpy as np

from pbit.models.directed import DirectedModel
from pbit.models.ising import IsingModel
from pbit.problems.logic.circuits.compiling import LogicNetwork, check_gate_names, pins_of
from pbit.problems.logic.gates.gate import Gate


def directed_model(network: LogicNetwork, *, gates: Collection[str] | None = None) -> DirectedModel:
    """The network with couplings that lead from the inputs of gates to their outputs only.

    With all gates directed the circuit is a network without cycles: every p-bit comes after those
    it listens to, and one sequential sweep computes the outputs of clamped inputs; at inverse
    temperature beta a p-bit errs with probability ``1 / (1 + exp(2 beta margin))``, with margin at
    least 1 for the gates here. Such adders and multipliers are exact and quick, but run forwards
    only. With some kinds of gates directed, their inputs do not see them, the others act both ways;
    there is no energy then, and no Boltzmann law.

    Parameters
    ----------
    network : LogicNetwork
        Of pairwise gates.
    gates : collection of str, optional
        Names of the kinds of gates that are directed, all by default.

    Raises
    ------
    ValueError
        A name that no gate has; a network with terms of more than two spins; a gate whose outputs
        do not follow from its inputs one after the other.

    References
    ----------
    Camsari, Faria, Sutton, Datta, Phys. Rev. X 7, 031014 (2017): directed carries make a 32-bit
    adder exact.

    Examples
    --------
    >>> from pbit import Schedule, anneal
    >>> from pbit.problems.logic.circuits.circuit import Circuit
    >>> from pbit.problems.logic.circuits.inverse import LogicProblem
    >>> circuit = Circuit()
    >>> a, b = circuit.input("a", 32), circuit.input("b", 32)
    >>> circuit.output("y", circuit.add(a, b))
    >>> clamp = {"a": 3_000_000_000, "b": 2_999_999_999}
    >>> problem = LogicProblem(circuit, clamp, propagate=False)
    >>> model = directed_model(problem.network)
    >>> reads = anneal(model, Schedule([8.0]), seed=1)
    >>> int(problem.values(reads.spins[0], "y"))
    5999999999
    """
    if not isinstance(network.model, IsingModel):
        raise ValueError(
            "directed logic must have pairwise gates, got terms of more than two spins; leave the "
            "native forms out"
        )
    check_gate_names("gates", gates or (), network.cells)
    n = network.model.num_spins
    h = np.zeros(n)
    edges: list[tuple[int, int, float]] = []
    for cell, where, signs in pins_of(network):
        gate = cell.gate
        one_way = gates is None or gate.name in gates
        rank = _ranks(gate) if one_way else {}
        for pins, weight in gate.all_terms:
            for target in pins:
                if where[target] < 0 or (one_way and target < gate.num_inputs):
                    continue
                others = [pin for pin in pins if pin != target]
                if one_way and any(rank.get(pin, -1) > rank[target] for pin in others):
                    continue
                value = weight * signs[target] * np.prod([signs[pin] for pin in others])
                free = [int(where[pin]) for pin in others if where[pin] >= 0]
                if not free:
                    h[where[target]] += value
                elif free[0] != where[target]:
                    edges.append((free[0], int(where[target]), float(value)))
    sources, targets, weights = zip(*edges, strict=True) if edges else ((), (), ())
    return DirectedModel.from_edges(
        np.array(sources, dtype=np.int64),
        np.array(targets, dtype=np.int64),
        weights,
        h=h,
        num_spins=n,
    )


@lru_cache(maxsize=256)
def _ranks(gate: Gate) -> dict[int, int]:
    """Place of each driven pin in the order of the network: auxiliaries, carries, sums."""
    driven = gate.num_inputs + gate.num_outputs
    order = [*range(driven, len(gate.pins)), *range(driven - 1, gate.num_inputs - 1, -1)]
    rank = {pin: k for k, pin in enumerate(order)}
    if not all(_follows(gate, pin, rank) for pin in order):
        raise ValueError(
            f"{gate.name} must have outputs that follow from its inputs one after the other, got "
            "none; leave it undirected, or substitute another form (MUX_OF_GATES for MUX)"
        )
    return rank


def _follows(gate: Gate, target: int, rank: dict[int, int]) -> bool:
    """Whether the field of the inputs and of the pins before decides the target in every row."""
    spins = 2 * np.array(gate.rows) - 1
    field = np.zeros(len(spins))
    for pins, weight in gate.all_terms:
        others = [pin for pin in pins if pin != target]
        if target in pins and all(rank.get(pin, -1) < rank[target] for pin in others):
            field += weight * spins[:, others].prod(axis=1)
    return bool((field * spins[:, target] > 0).all())
