"""Permutations that assign: :class:`pbit.models.digits.assignment.AssignmentModel`."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from pbit.engines.digits.family import DigitFamily, IntArray, ValueArray
from pbit.engines.digits.starts import start_permutations
from pbit.engines.digits.temperatures import even_ladder, quenched, solved
from pbit.kernels.digits.assignment import Assignment, Placed, padded
from pbit.models.digits.assignment import AssignmentModel
from pbit.models.labels import FloatArray

_UNSCALED = (0.1, 1.0)  # betas of a model all of whose energies are alike
HOT, COLD = 2.0, 0.2


class AssignmentProgram:
    """An :class:`AssignmentModel` in the kernel's form."""

    law = "Boltzmann over all permutations"

    def __init__(self, model: AssignmentModel) -> None:
        self.model = model
        self.record = _record(model)

    @property
    def updates(self) -> int:
        """As many swaps are tried as there are digits."""
        return self.model.num_digits

    @property
    def size(self) -> float:
        """Of energies."""
        return self.model.size

    def works(self, replicas: int) -> Placed:
        """Kept arrays of so many replicas."""
        return Placed.of(self.record, replicas)

    def random(self, reads: IntArray, *, seed: int) -> ValueArray:
        """Permutations, all as likely: int16 (reads, n)."""
        return start_permutations(reads, self.model.num_digits, seed=seed)

    @cached_property
    def beta_range(self) -> tuple[float, float]:
        r"""Where HOT of the swaps tried in a sweep leave a local minimum for a higher state, and
        where COLD do: ``n mean exp(-beta d)`` over all swaps, d > 0 what they cost, in eight local
        minima. Instances whose costs go over decades have wide ranges by it."""
        states = quenched(self)
        costs = np.array([self.model.swap_changes(state) for state in states])
        costs = costs[:, *np.triu_indices(self.model.num_digits, 1)]
        scale = float(np.abs(costs).mean()) if costs.size else 0.0
        if not scale > 0:
            return _UNSCALED
        rises = costs[costs > 1e-9 * scale] / scale
        weight = self.model.num_digits / costs.size
        hot, cold = (solved(rises, weight, rate) / scale for rate in (HOT, COLD))
        return hot, max(2 * hot, cold)

    @cached_property
    def usual_betas(self) -> FloatArray:
        """A ladder between these ends."""
        return even_ladder(self.beta_range, self.model.num_digits)


def _record(model: AssignmentModel) -> Assignment:
    flows, distances, linear = model.matrices
    n = len(flows)
    linear = linear + np.outer(np.diag(flows), np.diag(distances))
    flows, distances = (matrix - np.diag(np.diag(matrix)) for matrix in (flows, distances))
    symmetric = [bool((matrix == matrix.T).all()) for matrix in (flows, distances)]
    if any(symmetric):  # then only the symmetric part of the other counts
        flows, distances = _halved(flows), _halved(distances)
    sides: FloatArray = np.zeros((1 if any(symmetric) else 2, n, padded(n)))
    for side, matrix in zip(sides, (flows, flows.T), strict=False):
        side[:, :n] = matrix
    return Assignment(sides, np.ascontiguousarray(distances), linear)


def _halved(matrix: FloatArray) -> FloatArray:
    half: FloatArray = (matrix + matrix.T) / 2
    return half


FAMILY = DigitFamily(
    name="AssignmentModel",
    takes=lambda model: isinstance(model, AssignmentModel),
    compile=AssignmentProgram,
)
