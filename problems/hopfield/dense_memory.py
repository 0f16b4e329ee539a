"""Dense memories: energies of overlaps, recalled by a kernel that keeps them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.models.ising import checked_states
from pbit.models.labels import FloatArray, SpinArray
from pbit.models.polynomial import PolynomialModel
from pbit.problems.hopfield.expansion import expanded
from pbit.problems.hopfield.pair_memory import Mask, tempering_range
from pbit.problems.hopfield.recalling import Recall, check_tempered, checked_probes
from pbit.run.control import Control, Progress
from pbit.run.pieces import run_pieces
from pbit.samplers.tempering.ladder_search import LadderSearch
from pbit.samplers.tempering.temper import temper

if TYPE_CHECKING:
    from pbit.problems.hopfield.storage import DenseRule

_BLOCK = 32  # probes side by side; their weights stay in the cache
_LANES = 16
_SMALL = 2**20  # multiply-adds that a thread is not started for
_LOG2E = float(np.log2(np.e))


class DenseMemory:
    """Patterns in an energy of overlaps; made by :func:`pbit.problems.hopfield.storage.store`.

    ``patterns`` int8 (P, n); ``rule``, ``degree``: what the energy is.

    Examples
    --------
    >>> from pbit.problems.hopfield import store
    >>> memory = store([[1, 1, -1, -1]], "polynomial", degree=4)
    >>> memory.energy([[1, 1, -1, -1], [1, 1, -1, 1]]).tolist()
    [-1.0, -0.0625]
    """

    def __init__(self, patterns: SpinArray, rule: DenseRule, degree: int) -> None:
        self.patterns, self.rule, self.degree = patterns, rule, degree

    def __getstate__(self) -> dict[str, Any]:
        """Without what is compiled."""
        return {"patterns": self.patterns, "rule": self.rule, "degree": self.degree}

    @property
    def num_spins(self) -> int:
        """Number of pixels n."""
        return int(self.patterns.shape[1])

    def energy(self, states: npt.ArrayLike) -> FloatArray:
        """Energies (...) of states (..., n) of -1 and +1."""
        n = self.num_spins
        spins = checked_states(states, n).astype(np.float64)
        agreements = np.rint((spins @ self.patterns.T.astype(np.float64) + n) / 2)
        return self.rule.energies(agreements, n, self.degree)

    def to_polynomial(self) -> PolynomialModel:
        """The same energies as products of at most ``degree`` spins, for any sampler.

        Raises
        ------
        TypeError
            An exponential memory, which is no polynomial.
        ValueError
            More terms than are worth it.
        """
        return self._polynomial(np.zeros(self.num_spins, np.bool_), self.patterns[0])

    def recall(
        self, probes: npt.ArrayLike, how: Recall | None = None, *, held: npt.ArrayLike | None = None
    ) -> SpinArray:
        """What each probe recalls; as :meth:`pbit.problems.hopfield.pair_memory.PairMemory.recall`.

        Raises
        ------
        TypeError, ValueError
            As there; tempering of an exponential memory, or of one of too many terms.
        """
        how = how or Recall()
        states, mask = checked_probes(probes, held, self.num_spins)
        if how.dynamics == "tempered":
            check_tempered(mask)
            return self._tempered(states, mask, how)
        pieces = [slice(k, min(k + _BLOCK, len(states))) for k in range(0, len(states), _BLOCK)]
        stop = np.zeros(1, np.uint8)
        done: list[slice] = []

        def one(rows: slice) -> slice:
            states[rows] = self._block(states[rows], mask[rows], rows.start, how, stop)
            return rows

        self._block(states[:0], mask[:0], 0, how, stop)  # compiles
        run_pieces(
            iter(pieces),
            one,
            done.append,
            stop=stop,
            control=Control(),
            report=lambda elapsed_s: Progress(len(done) / len(pieces), np.inf, elapsed_s),
            threads=max(1, min(how.num_threads, len(pieces))),
            small=states.size * len(self.patterns) * (1 + how.betas.size) < _SMALL,
        )
        return states

    @cached_property
    def _stored(self) -> Any:
        from pbit.kernels.memories import recall

        columns = np.ascontiguousarray(self.patterns.T.astype(np.float64))
        table = np.ascontiguousarray(self.rule.table(self.num_spins, self.degree))
        return recall.Memory(columns, table, self.rule.exponential)

    def _block(self, states: SpinArray, mask: Mask, first: int, how: Recall, stop: Any) -> Any:
        """Recall of some probes side by side; lanes that are left over are held."""
        from pbit.kernels.memories import recall
        from pbit.kernels.sweeps.records import Stream

        count, n = states.shape
        width = -(-count // _LANES) * _LANES
        spins, held = np.ones((n, width), np.int8), np.ones((n, width), np.uint8)
        spins[:, :count], held[:, :count] = states.T, mask.T
        stream = Stream(np.uint64(how.first_read + first), *how.key)
        scales = 2 * _LOG2E * how.betas
        recall.recall(spins, self._stored, scales, how.settles, held, stream, stop)
        return spins[:, :count].T

    def _tempered(self, states: SpinArray, mask: Mask, how: Recall) -> SpinArray:
        recalled = states.copy()
        for k, (state, held) in enumerate(zip(states, mask, strict=True)):
            if held.all():
                continue
            rest = self._polynomial(held, state)
            found = temper(
                rest,
                LadderSearch(tempering_range(rest, how)),
                num_sweeps=how.num_sweeps,
                seed=how.seed,
                first_read=how.first_read + k,
                num_threads=how.num_threads,
            )
            recalled[k, ~held] = found.spins[0]
        if not how.settles:
            return recalled
        return self.recall(recalled, Recall(num_threads=how.num_threads), held=mask)

    def _polynomial(self, held: Mask, state: SpinArray) -> PolynomialModel:
        """The energy of the pixels that are not held, as products of them."""
        if self.rule.name != "polynomial":
            raise ArgumentError(
                "rule",
                "must be 'polynomial' for products of spins, which tempering needs",
                self.rule.name,
                remedy="use dynamics 'annealed'",
            )
        fixed = self.patterns[:, held].astype(np.int64) @ state[held].astype(np.int64)
        return expanded(self.patterns[:, ~held], fixed, n=self.num_spins, degree=self.degree)
