"""What a network must be able to do to be trained."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from pbit.problems.boltzmann.gradient import Arrays
from pbit.problems.boltzmann.labelled import Labelled
from pbit.problems.boltzmann.mean_field import MeanField


class Machine(Protocol):
    """A network of p-bits that learns in place; a layer, or group of p-bits, holds the data.

    Chains are the machine's own kind: they have ``steps_done``, ``states()``, ``put(states)`` and
    ``take(order)``, which lets chain k go on from the state of chain order[k].
    """

    draws_gaps: bool  # whether what is not known of a row is drawn in the clamped phase

    @property
    def parameters(self) -> Arrays:
        """What is learnt, weights last."""
        ...

    @property
    def weights(self) -> Arrays:
        """Those parameters that decay."""
        ...

    def chains(self, count: int, *, seed: int) -> Any:
        """Chains from fair coins."""
        ...

    def start(self, chains: Any, batch: npt.NDArray[np.float32]) -> None:
        """Put data into the visible p-bits of the first chains."""
        ...

    def reconstruct(self, chains: Any, rows: int, steps: int) -> None:
        """Run the first chains from the states of the last :meth:`data_means`, of so many rows,
        which the parameters have not changed since."""
        ...

    def visible(self, chains: Any) -> npt.NDArray[Any]:
        """Spins of the visible p-bits of all chains, a copy."""
        ...

    def visible_means(self, chains: Any) -> npt.NDArray[Any]:
        """Means of the visible p-bits given the rest where that is cheap, or their spins."""
        ...

    def advance(
        self,
        chains: Any,
        steps: int,
        *,
        rows: int | None = None,
        beta: Any = 1.0,
        held: npt.NDArray[np.bool_] | None = None,
    ) -> None:
        """Run the first ``rows`` chains, all by default; visible p-bits stay where ``held`` is
        True, of shape (visible,) or (chains, visible)."""
        ...

    def means(self, chains: Any, rows: int | None = None) -> Arrays:
        """What :meth:`add_gradient` takes the correlations of."""
        ...

    def data_means(
        self, batch: npt.NDArray[np.float32], drawn: npt.NDArray[Any] | None = None
    ) -> Arrays:
        """The same with the visible p-bits held at data, but for entries 0: these are free, from
        ``drawn`` on, or from where the rows before left them."""
        ...

    def clamped(self, rows: int) -> npt.NDArray[Any]:
        """The batch that :meth:`data_means` was given, what was free as it was drawn."""
        ...

    def state(self) -> dict[str, npt.NDArray[Any]]:
        """What the clamped phase goes on from, beside the parameters."""
        ...

    def restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        """Go on from there."""
        ...

    def energies(self, chains: Any) -> npt.NDArray[np.float64]:
        """Energy of each chain's state."""
        ...

    def free_energies(self, chains: Any) -> npt.NDArray[np.float64]:
        """Energy with as much summed out as can be in closed form."""
        ...

    def mean_field(self, visible: npt.NDArray[np.int8], num_iterations: int) -> MeanField:
        """Mean field of the hidden p-bits given the visible ones."""
        ...

    def add_gradient(self, into: Arrays, means: Arrays, factor: float) -> None:
        """Add ``factor`` times the correlations to a list like the parameters."""
        ...

    def add_conditional(self, into: Arrays, batch: Labelled, factor: float) -> None:
        """Add ``factor`` times the mean gradient of ln p(label | features)."""
        ...
