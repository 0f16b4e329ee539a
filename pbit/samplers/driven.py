r"""Networks of p-bits as reservoirs: an input is a bias, and the mean of each p-bit is a node.

In a step all p-bits are offered an update on the average, one after the other in random order, in a
network whose biases are those of the input. Many reads see the same input; what is read out is
their mean, so that a node is known to one over the root of their number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from pbit.checks import flag, integer
from pbit.devices.quantities import number
from pbit.models.directed import DirectedModel
from pbit.models.labels import SpinArray
from pbit.networks.reservoir.kinds import ReservoirKind, log_uniform
from pbit.networks.reservoir.protocol import FloatArray
from pbit.run.program import Program
from pbit.schedules.schedule import Schedule
from pbit.seeds import check_seed, seed_of

_REMEDY = "0.9, 1 and 0.2 are usual"
_STEP = 1  # what a seed is for, next to the couplings


@dataclass(frozen=True, kw_only=True)
class DrivenPBits:
    r"""p-bits with random couplings, driven by their biases.

    Parameters
    ----------
    num_nodes : int
        p-bits.
    coupling : float
        g: couplings are normal numbers of variance g^2 / n; near 1 their means remember longest.
    input_scale, bias : float
        Biases are even from minus to plus this: times the input, over the root of the number of
        inputs, and in any case.
    sweeps : int
        Of a step.
    num_reads : int
        Networks side by side whose mean is read, for each series.
    directed : bool
        Whether the coupling from i to j has nothing to do with that from j to i.

    Examples
    --------
    >>> from pbit.networks.reservoir import states_of
    >>> states = states_of(DrivenPBits(num_nodes=8, num_reads=16), np.ones((5, 1)), seed=1)
    >>> states.shape, bool((abs(states) <= 1).all())
    ((5, 8), True)
    """

    num_nodes: int = 50
    coupling: float = 0.9
    input_scale: float = 1.0
    bias: float = 0.2
    sweeps: int = 1
    num_reads: int = 256
    directed: bool = True

    def __post_init__(self) -> None:
        integer("num_nodes", self.num_nodes, 2)
        integer("sweeps", self.sweeps, 1)
        integer("num_reads", self.num_reads, 1)
        flag("directed", self.directed)
        number("coupling", self.coupling, (">=", 0.0), remedy=_REMEDY)
        number("input_scale", self.input_scale, (">", 0.0), remedy=_REMEDY)
        number("bias", self.bias, (">=", 0.0), remedy=_REMEDY)

    def begin(
        self, num_inputs: int, *, num_series: int = 1, seed: int, first_series: int = 0
    ) -> PBitCourse:
        """The network with couplings of this seed, all p-bits fair coins."""
        series = (integer("num_series", num_series, 1), integer("first_series", first_series, 0))
        return PBitCourse(self, num_inputs, series=series, seed=check_seed(seed))


class PBitCourse:
    """A network of p-bits on its way."""

    def __init__(
        self, of: DrivenPBits, num_inputs: int, *, series: tuple[int, int], seed: int
    ) -> None:
        self._of, self._seed, self._steps = of, seed, 0
        self._series, self._first = series
        rng = np.random.default_rng(seed)
        n = of.num_nodes
        couplings = rng.normal(size=(n, n)) * of.coupling / np.sqrt(n)
        if not of.directed:
            couplings = (couplings + couplings.T) / np.sqrt(2)
        np.fill_diagonal(couplings, 0.0)
        scale = of.input_scale / np.sqrt(num_inputs)
        self._inputs = rng.uniform(-scale, scale, (num_inputs, n))
        self._bias = rng.uniform(-of.bias, of.bias, n)
        model = DirectedModel(np.zeros(n), sparse.csr_array(couplings))
        self._program = Program.compile(
            model, order="random", kernel="reads", own_biases=True, num_reads=of.num_reads
        )
        self._spins: SpinArray | None = None

    @property
    def num_nodes(self) -> int:
        """p-bits."""
        return self._of.num_nodes

    def advance(self, drive: FloatArray) -> FloatArray:
        """Means over reads after every step; see :class:`pbit.networks.reservoir.Course`."""
        series, steps, _ = drive.shape
        reads = self._of.num_reads
        biases = drive @ self._inputs + self._bias
        found = np.empty_like(biases)
        for step in range(steps):
            run = self._program.run(
                Schedule(np.ones(1), self._of.sweeps),
                num_reads=series * reads,
                biases=np.repeat(biases[:, step], reads, axis=0),
                initial_spins=self._spins,
                first_read=self._first * reads,
                seed=seed_of(self._seed, _STEP, self._steps),
                num_threads=1,
            )
            self._spins = run.spins
            self._steps += 1
            found[:, step] = run.spins.reshape(series, reads, -1).mean(axis=1)
        return found


def _draw(rng: np.random.Generator, num_nodes: int, num_inputs: int) -> DrivenPBits:
    return DrivenPBits(
        num_nodes=num_nodes,
        coupling=rng.uniform(0.2, 1.2),
        input_scale=log_uniform(rng, 0.1, 3.0),
        bias=rng.uniform(0, 1),
    )


KIND = ReservoirKind(
    name="p-bits",
    what="asynchronous p-bits, the means of many networks that see the same",
    draw=_draw,
    rank=2,
)
