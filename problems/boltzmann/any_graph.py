"""The Boltzmann machine on any graph: what a chip's wiring allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import networkx as nx
import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, integer
from pbit.machine import check_memory
from pbit.problems.boltzmann.few_bits import FewBitsMachine
from pbit.problems.boltzmann.graph_machine import GraphMachine
from pbit.problems.boltzmann.parameters import keep
from pbit.problems.boltzmann.seating import Seating
from pbit.problems.boltzmann.starting import start_biases
from pbit.problems.boltzmann.training import Training
from pbit.problems.boltzmann.variational import VariationalEstimator
from pbit.problems.learning.machine_file import checked_array
from pbit.run.request import hardware_from
from pbit.seeds import seed_of

_SEATS = 5  # turn of the seed
_EDGE_BYTES = 300  # as networkx has them, as arrays, and what learns


class BoltzmannMachine(VariationalEstimator):
    r"""Boltzmann machine of p-bits on any graph, with features, labels and hidden ones anywhere.

    .. math:: p(s) \propto e^{\tfrac12 s^T J s + h \cdot s}, \qquad J_{ij} = 0 \text{ off the graph}

    Features and label units are seated at random over the graph, so that what hardware couples is
    not what an image happens to have beside each other. Features and classes come from mean fields.

    Parameters
    ----------
    graph : networkx.Graph, optional
        P-bits and which of them are coupled. By default all are: features, label units and
        ``n_hidden`` more.
    n_hidden : int
        Hidden p-bits where no graph is given; 0 makes the machine fully visible.
    hardware : pbit.Hardware or name of a chip file, optional
        The chip that runs both phases: learning in situ. In the clamped one the outputs of its
        visible p-bits are tied to the data, a row after the other.
    settle : bool
        Whether the weights settle, one after the other, on the levels of a chip whose weights have
        bits, see :class:`pbit.problems.boltzmann.few_bits.FewBitsMachine`. Without, they stay
        numbers that the chip rounds each time.
    clamped_steps : int
        Sweeps of the chains whose visible p-bits are held at the data.
    learning_rate : float or (first, last)
        Of each epoch, geometrically from the first to the last.
    conditional : float
        Share, 0 to 1, of the gradient of ln p(label | features), in the mean field of
        ``clamped_steps`` sweeps, in what is learnt; the rest is that of the joint law. With 1 the
        machine learns to tell classes and nothing else.
    adaptive : bool
        Steps of each parameter by the size of its own gradients: for conditional learning on
        graphs, at rates about 0.003.
    momentum, weight_decay : float
        See :class:`pbit.problems.boltzmann.gradient.Ascent`.
    batch_size, n_iter : int
        Rows an update; epochs.
    negative : {"cd", "pcd", "tempered", "population"}
        Free phase: k steps from the data, persistent chains, these with a ladder of temperatures,
        or as a population that is resampled as the machine changes.
    n_steps : int
        Steps an update, k.
    n_chains : int, optional
        Persistent chains; ``batch_size`` by default.
    n_rungs : int
        Temperatures of "tempered".
    label_copies : int
        Copies of the one-hot code of the label.
    threshold : float, optional
        A feature is up above it; without one, data must be binary.
    missing : bool
        Whether data to learn from may have NaN: entries of which nothing is known. They are free in
        the clamped phase and teach nothing: what is learnt is the law of the known entries, in the
        limit of many ``clamped_steps``.
    checkpoint : path, optional
        A file that holds the state after each epoch.
    resume : bool
        Go on from the checkpoint, if it is there: bit for bit as if the run had not stopped.
    verbose : int
        1 for a progress bar with the pseudo-likelihood, and measures in ``history_``.
    random_state : int, RandomState or None

    References
    ----------
    Ackley, Hinton, Sejnowski, Cognitive Science 9, 147 (1985). Niazi et al., Nature Electronics 7,
    610 (2024), for sparse graphs and random seats. Kaiser et al., Phys. Rev. Applied 17, 014016
    (2022), for learning in situ.

    Examples
    --------
    >>> X = np.repeat([[1, 1, 0], [0, 0, 0]], 100, axis=0)
    >>> machine = BoltzmannMachine(n_iter=50, learning_rate=0.1, random_state=1).fit(X)
    >>> samples = machine.sample(200, random_state=2)
    >>> bool((samples[:, 0] == samples[:, 1]).mean() > 0.9)
    True
    """

    def __init__(
        self,
        graph: nx.Graph | None = None,
        *,
        n_hidden: int = 0,
        hardware: Any = None,
        settle: bool = False,
        clamped_steps: int = 10,
        learning_rate: float | Sequence[float] = 0.01,
        conditional: float = 0.0,
        adaptive: bool = False,
        momentum: float = 0.5,
        weight_decay: float = 0.0,
        batch_size: int = 100,
        n_iter: int = 10,
        negative: Literal["cd", "pcd", "tempered", "population"] = "pcd",
        n_steps: int = 1,
        n_chains: int | None = None,
        n_rungs: int = 10,
        label_copies: int = 1,
        threshold: float | None = None,
        missing: bool = False,
        checkpoint: Any = None,
        resume: bool = False,
        verbose: int = 0,
        random_state: Any = None,
    ) -> None:
        keep(self, locals())

    machine_: GraphMachine

    def _fresh_machine(self, visible_mean: npt.NDArray[np.float64], seed: int) -> GraphMachine:
        if self.conditional and self.hardware is not None:
            raise ArgumentError(
                "conditional", "must be 0 with hardware", self.conditional,
                remedy="its mean fields know nothing of the chip",
            )  # fmt: skip
        layout = self._layout(visible_mean.size, seed)
        steps = integer("clamped_steps", self.clamped_steps, 1)
        options: Any = {"seed": seed, "clamped_steps": steps, "hardware": self.hardware}
        machine = (
            FewBitsMachine(layout, bits=self._bits(), **options)
            if self.settle
            else GraphMachine(layout, **options)
        )
        machine.h[layout.visible] = start_biases(visible_mean)
        return machine

    def _bits(self) -> int:
        """Of a weight of the chip."""
        chip = hardware_from(self.hardware)
        if chip is None or chip.weight_bits is None:
            raise ArgumentError(
                "settle", "must be False where weights have no levels", self.settle,
                remedy="give a hardware with weight_bits",
            )  # fmt: skip
        return chip.weight_bits

    def _done(self, training: Training, history: list[dict[str, float]]) -> Any:
        if isinstance(training.machine, FewBitsMachine):
            training.machine.settle(training.epoch / self.n_iter)
        return super()._done(training, history)

    def _layout(self, num_visible: int, seed: int) -> Seating:
        graph = self.graph
        if graph is None:
            graph = _complete(num_visible + integer("n_hidden", self.n_hidden, 0))
        if not isinstance(graph, nx.Graph) or graph.is_directed():
            raise TypeError(
                f"graph must be an undirected networkx.Graph, got {type(graph).__name__}; "
                "build one from edges with networkx.Graph(edges)"
            )
        number = {node: k for k, node in enumerate(graph.nodes)}
        if len(number) < num_visible:
            raise ArgumentError(
                "graph", f"must have a p-bit for each of {num_visible} features and label units",
                len(number), remedy="take a larger graph or fewer label copies",
            )  # fmt: skip
        edges = np.array([(number[a], number[b]) for a, b in graph.edges], np.int64).reshape(-1, 2)
        rng = np.random.default_rng(seed_of(seed, _SEATS))
        return Seating.of(len(number), edges.T, rng.permutation(len(number))[:num_visible])

    def _kept_arrays(self) -> dict[str, npt.NDArray[Any]]:
        layout = self.machine_.layout
        return {"edges": layout.edges, "visible": layout.visible}

    def _restored_machine(self, arrays: Mapping[str, npt.NDArray[Any]]) -> GraphMachine:
        h = checked_array(arrays, "parameter.0", dtype=np.float32, shape=(None,))
        edges = checked_array(arrays, "edges", dtype=np.int64, shape=(2, None))
        couplings = checked_array(arrays, "parameter.1", dtype=np.float32, shape=(edges.shape[1],))
        count = self.n_features_in_ + self.labels_.count
        visible = checked_array(arrays, "visible", dtype=np.int64, shape=(count,))
        machine = GraphMachine(Seating.of(h.size, edges, visible), seed=0,
                               clamped_steps=self.clamped_steps)  # fmt: skip
        machine.h[...], machine.couplings[...] = h, couplings
        return machine

    def _num_hidden(self) -> int:
        return int(self.machine_.layout.hidden.size)


def _complete(n: int) -> nx.Graph:
    """All p-bits coupled, if that fits into memory."""
    needed = _EDGE_BYTES * n * (n - 1) / 2
    check_memory(needed, what=f"couplings of {n} p-bits", lower="n_hidden")
    return nx.complete_graph(n)
