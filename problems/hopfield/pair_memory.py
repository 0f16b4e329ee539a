"""Memories of pairs: couplings that store patterns, an ordinary network of p-bits."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.models.clamping import clamp
from pbit.models.ising import IsingModel
from pbit.models.labels import FloatArray, SpinArray
from pbit.problems.hopfield.recalling import Recall, check_tempered, checked_probes
from pbit.run.control import Control
from pbit.run.program import Program
from pbit.samplers.coldest import coldest_beta
from pbit.samplers.descent import Descent, held_rows
from pbit.samplers.tempering.ladder_search import LadderSearch
from pbit.samplers.tempering.temper import temper
from pbit.schedules.schedule import Schedule

Mask = npt.NDArray[np.bool_]


class PairMemory:
    """Patterns in couplings of pairs; made by :func:`pbit.problems.hopfield.storage.store`.

    ``patterns`` int8 (P, n); ``model``: the :class:`pbit.IsingModel`, for any sampler or chip.

    Examples
    --------
    >>> from pbit.problems.hopfield import store
    >>> memory = store([[1, 1, -1, -1]], "hebb")
    >>> memory.energy([[1, 1, -1, -1], [1, 1, -1, 1]]).tolist()
    [-1.5, 0.0]
    """

    def __init__(self, patterns: SpinArray, couplings: FloatArray) -> None:
        self.patterns = patterns
        self.model = IsingModel(np.zeros(patterns.shape[1]), couplings)

    def __getstate__(self) -> dict[str, Any]:
        """Without what is compiled."""
        return {"patterns": self.patterns, "model": self.model}

    @property
    def num_spins(self) -> int:
        """Number of pixels n."""
        return self.model.num_spins

    def energy(self, states: npt.ArrayLike) -> FloatArray:
        """Energies (...) of states (..., n) of -1 and +1."""
        return self.model.energy(states)

    def recall(
        self, probes: npt.ArrayLike, how: Recall | None = None, *, held: npt.ArrayLike | None = None
    ) -> SpinArray:
        """What each probe recalls.

        Parameters
        ----------
        probes : array of -1 and +1, shape (num_probes, n) or (n,)
        how : Recall, optional
            To a fixed point by default.
        held : bool, shape (n,) or (num_probes, n), optional
            Pixels that stay as they are. With noise, rows of equal masks that follow each other
            are run together.

        Returns
        -------
        int8, shape (num_probes, n)

        Raises
        ------
        ValueError
            Probes or masks of other shapes or values; tempering of a probe without held pixels.
        """
        how = how or Recall()
        states, mask = checked_probes(probes, held, self.num_spins)
        if how.dynamics == "tempered":
            check_tempered(mask)
            states = self._tempered(states, mask, how)
        elif how.betas.size:
            states = self._sampled(states, mask, how)
        if how.settles:
            rows = held_rows(mask if mask.any() else None, states.shape)
            self._descent.run(states, rows, num_threads=how.num_threads, control=Control())
        return states

    @cached_property
    def _descent(self) -> Descent:
        descent = Descent(self.model)
        descent.warm_up()
        return descent

    @cached_property
    def _program(self) -> Program:
        return Program.compile(self.model)

    def _sampled(self, states: SpinArray, mask: Mask, how: Recall) -> SpinArray:
        schedule = Schedule(how.betas)
        parts = [states[:0]]
        for rows in _alike(mask):
            held = mask[rows.start]
            program = Program.compile(self.model, held=held) if held.any() else self._program
            reads = program.run(
                schedule,
                num_reads=rows.stop - rows.start,
                initial_spins=states[rows],
                seed=how.seed,
                first_read=how.first_read + rows.start,
                num_threads=how.num_threads,
            )
            parts.append(reads.spins)
        return np.concatenate(parts)

    def _tempered(self, states: SpinArray, mask: Mask, how: Recall) -> SpinArray:
        recalled = states.copy()
        for k, (state, held) in enumerate(zip(states, mask, strict=True)):
            if held.all():
                continue
            fixed = np.flatnonzero(held)
            rest = clamp(self.model, dict(zip(fixed.tolist(), state[fixed].tolist(), strict=True)))
            found = temper(
                rest.model,
                LadderSearch(tempering_range(rest.model, how)),
                num_sweeps=how.num_sweeps,
                seed=how.seed,
                first_read=how.first_read + k,
                num_threads=how.num_threads,
            )
            recalled[k] = rest.expand(found.spins[0])
        return recalled


def tempering_range(model: Any, how: Recall) -> tuple[float, float]:
    """Hot and cold end of a ladder; where the cold end is infinite, one that freezes minima."""
    cold = max(2 * how.hot, coldest_beta(model)) if how.settles else float(how.beta)
    return how.hot, cold


def _alike(mask: Mask) -> Iterator[slice]:
    """Stretches of equal rows."""
    changes = np.flatnonzero((mask[1:] != mask[:-1]).any(axis=1)) + 1
    ends = [0, *changes.tolist(), len(mask)]
    return (slice(a, b) for a, b in pairwise(ends) if b > a)
