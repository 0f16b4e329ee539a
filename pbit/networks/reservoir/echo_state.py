r"""Echo-state networks: the reservoirs of software that devices stand beside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pbit.checks import ArgumentError, integer, real
from pbit.devices.quantities import number
from pbit.networks.reservoir.kinds import ReservoirKind, log_uniform
from pbit.networks.reservoir.protocol import FloatArray
from pbit.seeds import check_seed

_REMEDY = "0.9, 1 and 1 are usual"


@dataclass(frozen=True, kw_only=True)
class EchoState:
    r"""Leaky units with random couplings, :math:`x' = (1 - l) x + l \tanh(W x + M u + b)`.

    Parameters
    ----------
    num_nodes : int
    spectral_radius : float
        Of W, whose entries are normal numbers, a share of them.
    input_scale : float
        Entries of M are even from minus to plus this, over the square root of the number of inputs.
    leak : float
        l, above 0 and at most 1.
    bias : float
        Entries of b are even from minus to plus this.
    density : float
        Share of couplings that are there.
    linear : bool
        The identity in the place of the hyperbolic tangent.

    References
    ----------
    Jaeger, "The 'echo state' approach", GMD report 148 (2001).

    Examples
    --------
    >>> from pbit.networks.reservoir import states_of
    >>> states_of(EchoState(num_nodes=5), np.ones((7, 2)), seed=1).shape
    (7, 5)
    """

    num_nodes: int = 100
    spectral_radius: float = 0.9
    input_scale: float = 1.0
    leak: float = 1.0
    bias: float = 0.2
    density: float = 1.0
    linear: bool = False

    def __post_init__(self) -> None:
        integer("num_nodes", self.num_nodes, 1)
        number("spectral_radius", self.spectral_radius, (">=", 0.0), remedy=_REMEDY)
        number("input_scale", self.input_scale, (">", 0.0), remedy=_REMEDY)
        number("bias", self.bias, (">=", 0.0), remedy=_REMEDY)
        for name in ("leak", "density"):
            if not 0 < real(name, getattr(self, name)) <= 1:
                raise ArgumentError(name, "must be > 0 and <= 1", getattr(self, name))

    def begin(
        self, num_inputs: int, *, num_series: int = 1, seed: int, first_series: int = 0
    ) -> EchoCourse:
        """All units at 0, with weights of this seed."""
        return EchoCourse(self, num_inputs, num_series=num_series, seed=seed)


class EchoCourse:
    """An echo-state network on its way."""

    def __init__(self, of: EchoState, num_inputs: int, *, num_series: int, seed: int) -> None:
        self._of = of
        rng = np.random.default_rng(check_seed(seed))
        n = of.num_nodes
        couplings = rng.normal(size=(n, n)) * (rng.random((n, n)) < of.density)
        radius = float(np.abs(np.linalg.eigvals(couplings)).max())
        self._couplings = couplings.T * (of.spectral_radius / radius if radius else 0.0)
        scale = of.input_scale / np.sqrt(num_inputs)
        self._inputs = rng.uniform(-scale, scale, (num_inputs, n))
        self._bias = rng.uniform(-of.bias, of.bias, n)
        self._states = np.zeros((num_series, n))

    @property
    def num_nodes(self) -> int:
        """Units."""
        return self._of.num_nodes

    def advance(self, drive: FloatArray) -> FloatArray:
        """Units after every step; see :class:`pbit.networks.reservoir.protocol.Course`."""
        found = drive @ self._inputs + self._bias
        states, leak = self._states, self._of.leak
        for step in range(drive.shape[1]):
            fields = found[:, step] + states @ self._couplings
            new = fields if self._of.linear else np.tanh(fields)
            states = found[:, step] = (1 - leak) * states + leak * new
        self._states = states.copy()
        return np.asarray(found)


def _draw(rng: np.random.Generator, num_nodes: int, num_inputs: int) -> EchoState:
    return EchoState(
        num_nodes=num_nodes,
        spectral_radius=rng.uniform(0.2, 1.2),
        input_scale=log_uniform(rng, 0.1, 3.0),
        leak=log_uniform(rng, 0.2, 1.0),
        bias=rng.uniform(0, 1),
    )


KIND = ReservoirKind(
    name="echo-state",
    what="leaky units with random couplings, in software",
    draw=_draw,
    is_baseline=True,
    rank=10,
)
