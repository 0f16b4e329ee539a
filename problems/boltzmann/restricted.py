"""The restricted Boltzmann machine: a layer of data, a layer of features."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp, softmax

from pbit.checks import ArgumentError, integer
from pbit.models.layered import LayeredModel
from pbit.problems.boltzmann.free_energy import log_two_cosh
from pbit.problems.boltzmann.layered_machine import LayeredMachine
from pbit.problems.boltzmann.left_out import LeftOutMachine, means_one_more
from pbit.problems.boltzmann.parameters import keep
from pbit.problems.boltzmann.pseudo_likelihood import flip_costs, log_pseudo_likelihood
from pbit.problems.boltzmann.sampling import SamplingEstimator
from pbit.problems.boltzmann.starting import start_biases
from pbit.problems.learning.machine_file import checked_array

_LEFT_OUT: Literal["left out"] = "left out"


class RestrictedBoltzmannMachine(SamplingEstimator):
    r"""Restricted Boltzmann machine of p-bits: visible spins v, hidden spins h, no others coupled.

    .. math:: p(v, h) \propto e^{b \cdot v + c \cdot h + v^T W h}, \qquad v, h \in \{-1, +1\}

    In spins, not bits: at equal learning rate a step moves the weights of a machine of bits (W' =
    4 W) by another amount.

    Parameters
    ----------
    n_components : int
        Hidden p-bits.
    clamped_steps : int
        Steps of the clamped phase where some features of a batch are missing; it is exact else.
    learning_rate : float or (first, last)
        Of each epoch, geometrically from the first to the last.
    conditional : float
        Share, 0 to 1, of the gradient of ln p(label | features), exact, in what is learnt; the rest
        is that of the joint law. With 1 the machine learns to tell classes and nothing else.
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
    missing : bool or "left out"
        Whether data to learn from may have NaN: entries of which nothing is known. With True they
        are free in the clamped phase and teach nothing: what is learnt is the law of the known
        entries, in the limit of many ``clamped_steps``. With "left out" each row has a machine of
        its known p-bits alone, all of which have their weights in common; this learns in far fewer
        epochs where most is missing, what :meth:`complete_proba` is asked for, and wants
        ``negative="cd"``. :meth:`sample` and :meth:`complete` draw from the machine of all.
    checkpoint : path, optional
        A file that holds the state after each epoch.
    resume : bool
        Go on from the checkpoint, if it is there: bit for bit as if the run had not stopped.
    verbose : int
        1 for a progress bar with the pseudo-likelihood, and measures in ``history_``.
    random_state : int, RandomState or None

    Attributes
    ----------
    components_ : float32, shape (n_components, n_features_in_)
    intercept_hidden_, intercept_visible_ : float32
    classes_ : array
        Labels; empty without.
    history_ : list of dict
        An entry an epoch.
    machine_ : LayeredMachine
        ``machine_.model`` is the energy function, labels' units behind the features.

    References
    ----------
    Smolensky (1986); Hinton, Neural Computation 14, 1771 (2002), eqs. 4-9; Larochelle, Bengio,
    ICML 25, 536 (2008), eq. 2 for the labels.

    Examples
    --------
    >>> X = np.repeat([[1, 1, 0, 0], [0, 0, 1, 1]], 50, axis=0)
    >>> rbm = RestrictedBoltzmannMachine(8, learning_rate=0.1, n_iter=100, random_state=1).fit(X)
    >>> rbm.complete([[1, np.nan, np.nan, 0]], random_state=1).tolist()
    [[1, 1, 0, 0]]
    """

    def __init__(
        self,
        n_components: int = 256,
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
        missing: bool | Literal["left out"] = False,
        checkpoint: Any = None,
        resume: bool = False,
        verbose: int = 0,
        random_state: Any = None,
    ) -> None:
        keep(self, locals())

    _GAPS = (False, True, _LEFT_OUT)
    machine_: LayeredMachine

    @property
    def components_(self) -> npt.NDArray[np.float32]:
        """Couplings of the hidden p-bits to the features."""
        return np.asarray(self.machine_.model.weights[0][: self.n_features_in_].T)

    @property
    def intercept_hidden_(self) -> npt.NDArray[np.float32]:
        """Biases of the hidden p-bits."""
        return np.asarray(self.machine_.model.biases[1])

    @property
    def intercept_visible_(self) -> npt.NDArray[np.float32]:
        """Biases of the features."""
        return np.asarray(self.machine_.model.biases[0][: self.n_features_in_])

    def transform(self, X: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Probability of each hidden p-bit to be up, float64 (rows, n_components).

        Given the features alone: labels, where some were learnt, are summed out.
        """
        spins = self._given(X)
        up = np.zeros((len(spins), self.n_components))
        proba = softmax(-self._energies(spins), axis=1)
        for k, fields in enumerate(self._fields(spins)):
            up += proba[:, k, None] * (0.5 + 0.5 * np.tanh(fields))
        return up

    def complete_proba(
        self,
        X: npt.ArrayLike,
        *,
        known: npt.ArrayLike | None = None,
        labels: npt.ArrayLike | None = None,
        burn_in: int = 50,
        n_steps: int = 200,
        random_state: Any = None,
    ) -> npt.NDArray[np.float64]:
        """As of all machines; exact and without chains where gaps are left out: each unknown
        feature is then the only one beside what is known of its row."""
        if self.missing != _LEFT_OUT:
            chosen: Any = {"burn_in": burn_in, "n_steps": n_steps, "random_state": random_state}
            return super().complete_proba(X, known=known, labels=labels, **chosen)
        _, visible, held = self._clamped(X, known, labels, random_state)
        means = means_one_more(self.machine_.model, np.where(held, visible, np.float32(0)))
        return np.asarray(0.5 + 0.5 * means[:, : self.n_features_in_])

    def _class_weights(self, X: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Exact: ``p(y | v) = exp(-F(v, y)) / sum of the same over y'`` over the one-hot codes."""
        return np.asarray(softmax(-self._energies(self._given(X)), axis=1))

    def free_energy(self, X: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Free energy F of each row, ``p = exp(-F) / Z``; labels are summed out."""
        return np.asarray(-logsumexp(-self._energies(self._given(X)), axis=1))

    def score_samples(self, X: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Pseudo-log-likelihood of the features of each row, exact; labels are summed out.

        See :func:`pbit.problems.boltzmann.pseudo_likelihood.log_pseudo_likelihood`.
        """
        spins = self._given(X)
        by_class = -self._energies(spins)
        turned = [by_class[:, k, None] - gains for k, gains in enumerate(self._gains(spins))]
        gain = logsumexp(by_class, axis=1)[:, None] - logsumexp(np.stack(turned), axis=0)
        return np.asarray(-np.logaddexp(0.0, -gain).sum(axis=1))

    def _energies(self, spins: npt.NDArray[np.int8]) -> npt.NDArray[np.float64]:
        """Free energies of the rows with each label, (rows, classes); one column without."""
        bias = self.machine_.model.biases[0].astype(np.float64)
        own = spins @ bias[: self.n_features_in_]
        codes = self.labels_.codes() @ bias[self.n_features_in_ :] if self._num_classes else [0.0]
        columns = [
            own + codes[k] + log_two_cosh(fields).sum(axis=1, dtype=np.float64)
            for k, fields in enumerate(self._fields(spins))
        ]
        return -np.stack(columns, axis=1)

    def _fields(self, spins: npt.NDArray[np.int8]) -> Iterator[npt.NDArray[np.float32]]:
        """Fields on the hidden p-bits with each label."""
        weight, bias = self.machine_.model.weights[0], self.machine_.model.biases[1]
        fields = spins.astype(np.float32) @ weight[: self.n_features_in_] + bias
        if not self._num_classes:
            yield fields
            return
        for code in self.labels_.codes().astype(np.float32):
            yield fields + code @ weight[self.n_features_in_ :]

    def _gains(self, spins: npt.NDArray[np.int8]) -> Iterator[npt.NDArray[np.float32]]:
        """Free energy that turning each feature costs, with each label."""
        rows = spins.astype(np.float32)
        for fields in self._fields(spins):
            yield flip_costs(self.machine_.model, rows, fields)

    def _check_parameters(self) -> None:
        super()._check_parameters()
        if self.missing == _LEFT_OUT and self.negative != "cd":
            rule = 'must be "cd" where gaps are left out: free chains have no rows'
            raise ArgumentError("negative", rule, self.negative)

    def _fresh_machine(self, visible_mean: npt.NDArray[np.float64], seed: int) -> LayeredMachine:
        integer("n_components", self.n_components, 1)
        sizes = (visible_mean.size, self.n_components)
        steps = integer("clamped_steps", self.clamped_steps, 1)
        kind = LeftOutMachine if self.missing == _LEFT_OUT else LayeredMachine
        machine = kind.fresh(sizes, seed=seed, clamped_steps=steps)
        machine.model.biases[0][...] = start_biases(visible_mean)
        return machine

    def _restored_machine(self, arrays: Mapping[str, npt.NDArray[Any]]) -> LayeredMachine:
        visible = self.n_features_in_ + self.labels_.count
        shapes = [(visible,), (self.n_components,), (visible, self.n_components)]
        b, c, w = (
            checked_array(arrays, f"parameter.{k}", dtype=np.float32, shape=shape)
            for k, shape in enumerate(shapes)
        )
        return LayeredMachine(LayeredModel((b, c), (w,)), seed=0)

    def _num_hidden(self) -> int:
        return int(self.n_components)

    def _measured(self, rows: npt.NDArray[np.int8]) -> dict[str, float]:
        model = self.machine_.model
        return {"pseudo_likelihood": float(log_pseudo_likelihood(model, rows).mean())}
