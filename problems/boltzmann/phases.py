"""The free phase: where the states come from over which the model's correlations are taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, integer
from pbit.problems.boltzmann.chain_state import kept, put_back
from pbit.problems.boltzmann.gradient import Arrays
from pbit.problems.boltzmann.machine import Machine
from pbit.seeds import seed_of

_FREE = 2  # turn of the seed for free chains
_SWAPS = 3


@dataclass(frozen=True)
class PhaseOptions:
    """How the free phase runs: steps an update, chains, rungs of the ladder for "tempered"."""

    num_steps: int = 1
    num_chains: int = 100
    num_rungs: int = 10
    seed: int = 0

    def __post_init__(self) -> None:
        integer("n_steps", self.num_steps, 1)
        integer("n_chains", self.num_chains, 1)
        integer("n_rungs", self.num_rungs, 2)


class Phase(Protocol):
    """A free phase: it holds its chains."""

    chains: Any

    def means(self, machine: Machine, rows: int) -> Arrays:
        """Advance the chains, for a batch of so many rows; means of all p-bits under the model, a
        row a chain."""
        ...

    @property
    def num_free(self) -> int:
        """The first so many chains are at beta = 1."""
        ...

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """What has to be kept to go on bit for bit."""
        ...

    def restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        """Go on from there."""
        ...


class _Chains:
    """Chains and what is kept of them."""

    def __init__(self, machine: Machine, options: PhaseOptions, count: int) -> None:
        self.options = options
        self.chains = machine.chains(count, seed=seed_of(options.seed, _FREE))
        self.num_free = count

    def state(self) -> dict[str, npt.NDArray[Any]]:
        return kept(self.chains)

    def restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        put_back(self.chains, arrays)


class ContrastiveDivergence(_Chains):
    """CD-k: k steps from the data, the hidden p-bits from where the clamped phase left them.

    Source: Hinton, Neural Computation 14, 1771 (2002).
    """

    def __init__(self, machine: Machine, options: PhaseOptions, batch_size: int) -> None:
        super().__init__(machine, options, batch_size)

    def means(self, machine: Machine, rows: int) -> Arrays:
        machine.reconstruct(self.chains, rows, self.options.num_steps)
        return machine.means(self.chains, rows)


class Persistent(_Chains):
    """PCD-k: chains that go on from update to update.

    Source: Tieleman, ICML 25, 1064 (2008).
    """

    def __init__(self, machine: Machine, options: PhaseOptions, batch_size: int) -> None:
        super().__init__(machine, options, options.num_chains)

    def means(self, machine: Machine, rows: int) -> Arrays:
        machine.advance(self.chains, self.options.num_steps)
        return machine.means(self.chains)


class Tempered(_Chains):
    """Persistent chains at beta = 1, each with a ladder of hotter ones down to beta = 0 with which
    it exchanges states.

    Source: Desjardins, Courville, Bengio, Vincent, Delalleau, AISTATS 13, 145 (2010).
    """

    def __init__(self, machine: Machine, options: PhaseOptions, batch_size: int) -> None:
        super().__init__(machine, options, options.num_chains * options.num_rungs)
        self.num_free = options.num_chains
        self._betas = np.repeat(np.linspace(1.0, 0.0, options.num_rungs), options.num_chains)

    def means(self, machine: Machine, rows: int) -> Arrays:
        for _ in range(self.options.num_steps):
            machine.advance(self.chains, 1, beta=self._betas)
            self._exchange(machine)
        return machine.means(self.chains, self.options.num_chains)

    def _exchange(self, machine: Machine) -> None:
        """Swap neighbours with probability min(1, exp((beta - beta')(E - E')))."""
        count, rungs = self.options.num_chains, self.options.num_rungs
        turn = self.chains.steps_done
        rng = np.random.default_rng([self.options.seed, _SWAPS, turn])
        energies = machine.energies(self.chains).reshape(rungs, count)
        colder = np.arange(turn % 2, rungs - 1, 2)
        gap = 1.0 / (rungs - 1)
        gain = gap * (energies[colder] - energies[colder + 1])
        rung, chain = np.nonzero(np.log(rng.random(gain.shape)) < gain)
        lower = colder[rung] * count + chain
        order = np.arange(rungs * count)
        order[lower], order[lower + count] = lower + count, lower
        self.chains.take(order)


class Population(_Chains):
    """Persistent chains that are a population: as the model changes, each gets the weight
    exp(F_old - F_new) of its state, and the population is drawn anew by the weights.

    Source of the idea: population annealing (Hukushima, Iba, AIP Conf. Proc. 690, 200 (2003)) with
    the learning rule in place of the temperature; compare Krause, Fischer, Igel, "Population-
    contrastive-divergence", Pattern Recognition Letters 102, 1 (2018).
    """

    def __init__(self, machine: Machine, options: PhaseOptions, batch_size: int) -> None:
        super().__init__(machine, options, options.num_chains)
        self._before: npt.NDArray[np.float64] | None = None

    def means(self, machine: Machine, rows: int) -> Arrays:
        if self._before is not None:
            self._resample(self._before - machine.free_energies(self.chains))
        machine.advance(self.chains, self.options.num_steps)
        self._before = machine.free_energies(self.chains)
        return machine.means(self.chains)

    def _resample(self, log_weights: npt.NDArray[np.float64]) -> None:
        """Systematic resampling: state k is kept floor or ceil of its share of times."""
        weights = np.exp(log_weights - log_weights.max())
        shares = np.cumsum(weights) / weights.sum()
        rng = np.random.default_rng([self.options.seed, _SWAPS, self.chains.steps_done])
        count = shares.size
        points = (np.arange(count) + rng.random()) / count
        self.chains.take(np.minimum(np.searchsorted(shares, points), count - 1))

    def state(self) -> dict[str, npt.NDArray[Any]]:
        before = np.zeros(0) if self._before is None else self._before
        return {**super().state(), "before": before}

    def restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        super().restore(arrays)
        self._before = arrays["before"] if arrays["before"].size else None


PHASES: dict[str, Callable[[Machine, PhaseOptions, int], Phase]] = {
    "cd": ContrastiveDivergence,
    "pcd": Persistent,
    "tempered": Tempered,
    "population": Population,
}


def phase_named(name: str, machine: Machine, options: PhaseOptions, batch_size: int) -> Phase:
    """The free phase of this name.

    Raises
    ------
    ValueError
    """
    if name not in PHASES:
        raise ArgumentError("negative", f"must be one of {', '.join(PHASES)}", name)
    return PHASES[name](machine, options, batch_size)
