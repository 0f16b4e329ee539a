"""Permutations that assign: :class:`pbit.models.digits.assignment.AssignmentModel`."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from pbit.engines.digits.family import DigitFamily
from pbit.engines.digits.permutation_program import PermutationProgram
from pbit.engines.digits.temperatures import UNSCALED, quenched
from pbit.kernels.digits.assignment import Assignment, Placed, padded
from pbit.models.digits.assignment import AssignmentModel
from pbit.models.labels import FloatArray
from pbit.schedules.freezing import beta_of

HOT, COLD = 2.0, 0.2
_BETWEEN, _STEPS = (1e-6, 1e6), 60  # in units of the mean cost


class AssignmentProgram(PermutationProgram):
    """An :class:`AssignmentModel` in the kernel's form."""

    law = "Boltzmann over all permutations"
    kept = Placed

    def __init__(self, model: AssignmentModel) -> None:
        super().__init__(model, _record(model))

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
            return UNSCALED
        rises = costs[costs > 1e-9 * scale] / scale
        swaps = costs.size / self.model.num_digits  # of all that there are for one tried in a sweep
        hot, cold = (
            beta_of(rises, rate * swaps, between=_BETWEEN, steps=_STEPS) / scale
            for rate in (HOT, COLD)
        )
        return hot, max(2 * hot, cold)


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
