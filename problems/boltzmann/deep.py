"""The deep Boltzmann machine: layers of features above each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, integer
from pbit.models.layered import LayeredModel
from pbit.problems.boltzmann.layered_machine import LayeredMachine
from pbit.problems.boltzmann.parameters import keep
from pbit.problems.boltzmann.starting import start_biases
from pbit.problems.boltzmann.variational import VariationalEstimator
from pbit.problems.learning.machine_file import checked_array


class DeepBoltzmannMachine(VariationalEstimator):
    r"""Deep Boltzmann machine of p-bits: data, then layers of features, each coupled to the next.

    .. math:: p(v, h^1, h^2, \dots) \propto e^{\sum_l b_l \cdot h^l + \sum_l {h^l}^T W_l h^{l+1}},
              \qquad h^0 = v

    Both phases of the learning are sampled, all odd layers at once, then all even ones. Features
    and classes come from mean fields.

    Parameters
    ----------
    n_components : sequence of int, or int
        Hidden p-bits of each layer, from the data up.
    clamped_steps : int
        Steps of the chains whose visible p-bits are held at the data.
    learning_rate : float or (first, last)
        Of each epoch, geometrically from the first to the last.
    conditional : float
        Share, 0 to 1, of the gradient of ln p(label | features), in the mean field, in what is
        learnt; the rest is that of the joint law. With 1 the machine learns to tell classes and
        nothing else.
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
    Salakhutdinov, Hinton, AISTATS 12, 448 (2009).

    Examples
    --------
    >>> X = np.repeat([[1, 1, 0, 0], [0, 0, 1, 1]], 50, axis=0)
    >>> deep = DeepBoltzmannMachine((6, 4), n_iter=50, random_state=1).fit(X)
    >>> deep.transform(X).shape
    (100, 10)
    """

    def __init__(
        self,
        n_components: Sequence[int] | int = (256, 128),
        *,
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

    machine_: LayeredMachine

    def _fresh_machine(self, visible_mean: npt.NDArray[np.float64], seed: int) -> LayeredMachine:
        sizes = (visible_mean.size, *self._hidden_sizes())
        steps = integer("clamped_steps", self.clamped_steps, 1)
        machine = LayeredMachine.fresh(sizes, seed=seed, clamped_steps=steps)
        machine.model.biases[0][...] = start_biases(visible_mean)
        return machine

    def _hidden_sizes(self) -> tuple[int, ...]:
        sizes = np.atleast_1d(np.asarray(self.n_components)).tolist()
        if not sizes:
            raise ArgumentError("n_components", "must name a layer or more", self.n_components)
        return tuple(integer("n_components", size, 1) for size in sizes)

    def _restored_machine(self, arrays: Mapping[str, npt.NDArray[Any]]) -> LayeredMachine:
        sizes = (self.n_features_in_ + self.labels_.count, *self._hidden_sizes())
        shapes = [*((n,) for n in sizes), *pairwise(sizes)]
        found = [
            checked_array(arrays, f"parameter.{k}", dtype=np.float32, shape=shape)
            for k, shape in enumerate(shapes)
        ]
        model = LayeredModel(tuple(found[: len(sizes)]), tuple(found[len(sizes) :]))
        return LayeredMachine(model, seed=0, clamped_steps=self.clamped_steps)

    def _num_hidden(self) -> int:
        return sum(self._hidden_sizes())
