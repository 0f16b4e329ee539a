"""Parallel tempering as a member of a portfolio: it stops, and goes on."""

from __future__ import annotations

import numpy as np

from pbit.graphs.neighbours import has_short_loops
from pbit.models.labels import SpinArray
from pbit.models.polynomial import AnyModel
from pbit.run.control import Control
from pbit.samplers.tempering.ladder_search import LadderSearch
from pbit.samplers.tempering.orders import Orders
from pbit.samplers.tempering.replicas import TemperingProgram
from pbit.samplers.tempering.tempering_run import TemperingRun

_COLDEST = 6  # replicas of a run that are looked at


class TemperingArm:
    """Tempering runs, one a thread, on a ladder that the first one finds.

    Parameters
    ----------
    model : IsingModel or PolynomialModel
    seed, num_threads : int
    control : Control
        Its target ends a run.
    beta_range : (float, float), optional
        Ends of the ladder.

    Attributes
    ----------
    kernel : str
        Of its replicas.
    is_promising : bool
        Whether the couplings are those of a lattice, more or less: cluster moves find most there.
    """

    def __init__(
        self,
        model: AnyModel,
        *,
        seed: int,
        num_threads: int,
        control: Control,
        beta_range: tuple[float, float] | None = None,
    ) -> None:
        search = LadderSearch(beta_range)
        ends = search.ends(model)
        program = TemperingProgram.of(model, "auto", ends[1], rule="metropolis")
        self.kernel = program.kernel
        self.is_promising = program.usual_clusters > 0 and has_short_loops(*program.graph)
        orders = Orders.to_go_on(
            num_reads=num_threads, seed=seed, ends=ends, cluster_every=program.usual_clusters
        )
        self.threads, self.offset = num_threads, model.offset
        self._run = TemperingRun(program, search, orders, control, goes_on=True)
        self._run.begin(num_threads)

    @property
    def lowest(self) -> float:
        """Lowest energy so far."""
        return self._run.lowest + self.offset

    @property
    def updates(self) -> int:
        """Update attempts of all runs."""
        return self._run.updates

    def go_on(self, control: Control) -> str | None:
        """Sweep until the control ends it; why it did."""
        return self._run.go_on(self.threads, control)

    def lowest_states(self) -> SpinArray:
        """The lowest state of each run so far, int8 (k, n)."""
        return np.asarray(self._run.lowest_states())

    def cold_states(self) -> SpinArray:
        """The coldest states now, int8 (k, n)."""
        return np.asarray(self._run.coldest(_COLDEST))

    def restart(self) -> None:
        """Begin again from fair coins, on the same ladder; the lowest states stay."""
        self._run.restart()
