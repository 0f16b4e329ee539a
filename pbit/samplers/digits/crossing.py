"""A population of low states whose classes are crossed: for colourings, no law is sampled."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pbit.engines.digits.family import DigitProgram, ValueArray
from pbit.engines.digits.sites import SiteProgram
from pbit.engines.words import Rule
from pbit.kernels.digits.sites import PottsSites
from pbit.models.labels import FloatArray
from pbit.run.control import Control
from pbit.samplers.digits.anneal import anneal_digits
from pbit.samplers.digits.dit_reads import DitReads
from pbit.seeds import seed_of

_MEMBERS = 16  # on a thread, as many as run side by side
_SWEEPS, _UPDATES = 500, 2e7  # of a child, and at most of a thread's children
_SLOWER = 4  # sweeps of a founder for one of a child
_FOUNDERS, _CHILDREN = (0.3, 0.8), (1.2, 1.4)  # where they begin and end, times the cold end
_FEWEST_VALUES = 6  # of fewer, as of k-cuts, tempering ends lower
_PATIENCE = 20  # generations without a lower member

Pinned = npt.NDArray[np.bool_]


def is_crossable(program: DigitProgram) -> bool:
    """Whether sites of equal values cost something on every edge, and all sites have as many
    values, six or more."""
    if not isinstance(program, SiteProgram) or not isinstance(program.record, PottsSites):
        return False
    record = program.record
    alike = record.stride is not None and bool(record.num_values[0] >= _FEWEST_VALUES)
    return alike and record.weights.size > 0 and bool((record.weights > 0).all())


def pinned_values(program: SiteProgram) -> Pinned:
    """Which values some field tells from others, bool (K,); the others may change names."""
    model = program.model
    return np.asarray(model.h.reshape(model.num_digits, -1).any(axis=0))


def cross(
    one: ValueArray, other: ValueArray, pinned: Pinned, rng: np.random.Generator
) -> ValueArray:
    """A child of two states: by turns the class of a parent, the sites of one value, that is the
    largest in what is left; sites left in the end are drawn.

    Pinned classes keep their values; the others take those that come.

    References
    ----------
    Galinier, Hao, J. Comb. Optim. 3, 379 (1999), section 3.3.

    Examples
    --------
    >>> rng, free = np.random.default_rng(1), np.zeros(2, bool)
    >>> state = np.array([0, 0, 1, 0], np.int16)
    >>> child = cross(state, 1 - state, free, rng)
    >>> bool(child[0] == child[1] == child[3] != child[2])
    True
    """
    count, loose = pinned.size, np.flatnonzero(~pinned).tolist()
    child = np.full(one.size, -1, np.int16)
    taken, turn = np.zeros(count, bool), int(rng.integers(2))
    for k in range(count):
        parent = other if (turn + k) % 2 else one
        sizes = np.bincount(parent[child < 0], minlength=count) + 0.5 * rng.random(count)
        sizes[taken if loose else taken | ~pinned] = 0.0
        largest = int(sizes.argmax())
        if sizes[largest] >= 1.0:
            taken[largest] = pinned[largest]
            child[(child < 0) & (parent == largest)] = largest if pinned[largest] else loose.pop()
    left = child < 0
    child[left] = rng.integers(count, size=int(left.sum()))
    return child


class Crossing:
    """A population that goes on: each member has a child with another one, which is annealed
    beyond the cold end and takes its place if it is not worse. Where no member has become lower for
    long, others begin, with twice the sweeps.

    Parameters
    ----------
    program : SiteProgram
        One that :func:`is_crossable` says yes to.
    seed, num_threads : int
    rule : {"heat-bath", "metropolis"}
    """

    def __init__(
        self, program: SiteProgram, *, seed: int, num_threads: int, rule: Rule = "heat-bath"
    ) -> None:
        self.program, self.threads, self.rule = program, num_threads, rule
        self.lowest, self.best = np.inf, program.random(np.arange(1), seed=seed)[0]
        self.reads = self.updates = self.generations = self.restarts = 0
        self._seed, self._rng = seed_of(seed, 1), np.random.default_rng(seed)
        self._pinned = pinned_values(program)
        self._members: ValueArray | None = None
        self._energies: FloatArray = np.empty(0)
        most = int(_UPDATES / (_MEMBERS * max(1, program.updates)))
        self._sweeps, self._waited = max(1, min(_SWEEPS, most)), 0

    def go_on(self, control: Control) -> str:
        """A generation; why it ended."""
        if self._members is None:
            found = self._annealed(_FOUNDERS, None, control)
            self._members, self._energies = found.values, found.energies
        else:
            found = self._annealed(_CHILDREN, self._children(self._members), control)
            self._replace(self._members, found)
        if found.energies.min() < self.lowest:
            self.lowest = float(found.energies.min())
            self.best = found.values[found.best]
        return str(found.info["stop_reason"])

    def _children(self, members: ValueArray) -> ValueArray:
        order = self._rng.permutation(len(members))
        mates = np.empty_like(order)
        mates[order] = np.roll(order, 1)
        pairs = zip(members, members[mates], strict=True)
        return np.stack([cross(one, other, self._pinned, self._rng) for one, other in pairs])

    def _annealed(
        self, ends: tuple[float, float], initial: ValueArray | None, control: Control
    ) -> DitReads:
        cold = self.program.beta_range[1]
        found = anneal_digits(
            self.program,
            num_sweeps=self._sweeps * (_SLOWER if initial is None else 1),
            beta_range=(ends[0] * cold, ends[1] * cold),
            num_reads=_MEMBERS * self.threads,
            first_read=self.reads,
            initial_values=initial,
            seed=self._seed,
            rule=self.rule,
            best_seen=True,
            num_threads=self.threads,
            control=control,
        )
        self.generations += 1
        self.reads += found.info["num_reads"]
        self.updates += found.info["updates"]
        return found

    def _replace(self, members: ValueArray, found: DitReads) -> None:
        """Children take the places of parents that are not lower."""
        if len(found.energies) < len(self._energies):  # cut short: the end
            return
        better = found.energies <= self._energies
        lower = (found.energies < self._energies).any()
        self._members = np.where(better[:, None], found.values, members)
        self._energies = np.minimum(found.energies, self._energies)
        self._waited = 0 if lower else self._waited + 1
        if self._waited >= _PATIENCE:
            self._members, self._waited, self._sweeps = None, 0, 2 * self._sweeps
            self.restarts += 1
