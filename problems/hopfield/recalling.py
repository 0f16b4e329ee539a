"""How a memory recalls: at which temperatures, for how long, from which random words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, integer
from pbit.models.ising import checked_states
from pbit.models.labels import FloatArray, SpinArray
from pbit.seeds import seed_or_fresh

DYNAMICS = ("fixed", "annealed", "tempered")
_HOT = {"annealed": 4.0, "tempered": 0.5}


@dataclass(frozen=True)
class Recall:
    """Sweeps from a probe to what is recalled.

    Parameters
    ----------
    dynamics : {"fixed", "annealed", "tempered"}
        "fixed": all sweeps at ``beta``. "annealed": the temperature falls in equal steps from
        ``1 / hot_beta`` to ``1 / beta``. "tempered": replicas between the two that change places
        (:func:`pbit.temper`), of which the lowest state is returned; they forget where they
        began, so that it needs pixels that are held.
    beta : float
        Inverse temperature > 0. Infinity, the default, ends in a fixed point: p-bits in their
        order turn into their fields until none would; a p-bit without a field stays.
    hot_beta : float, optional
        Where annealing and tempering begin, below ``beta``. By default 4 for annealing, where most
        memories still hold on to a probe, and 0.5 for tempering, where none does.
    num_sweeps : int
        Sweeps with noise: none of them with "fixed" at an infinite beta.
    seed : int, optional
        0 <= seed < 2**64; fresh by default.
    num_threads : int
        No effect on the result.
    first_read : int
        Number of the first probe: probe k of one call is the same as the first of a call with
        ``first_read=k``.

    Raises
    ------
    TypeError, ValueError
        Another word for the dynamics, a number out of range.

    Examples
    --------
    >>> Recall("annealed", beta=2.0, hot_beta=0.5, num_sweeps=4).betas.round(3).tolist()
    [0.5, 0.667, 1.0, 2.0]
    >>> Recall().settles
    True
    """

    dynamics: str = "fixed"
    beta: float = math.inf
    hot_beta: float | None = None
    num_sweeps: int = 100
    seed: int | None = None
    num_threads: int = 1
    first_read: int = 0

    def __post_init__(self) -> None:
        if self.dynamics not in DYNAMICS:
            raise ArgumentError("dynamics", f"must be one of {', '.join(DYNAMICS)}", self.dynamics)
        if not isinstance(self.beta, Real) or not self.beta > 0:
            raise ArgumentError("beta", "must be a number > 0", self.beta)
        integer("num_sweeps", self.num_sweeps, 0)
        integer("num_threads", self.num_threads, 1)
        integer("first_read", self.first_read, 0, 2**32 - 1)
        if self.hot_beta is None:
            object.__setattr__(self, "hot_beta", _HOT.get(self.dynamics, 1.0))
        if self.dynamics != "fixed" and not 0 < self.hot < self.beta:
            raise ArgumentError(
                "hot_beta", f"must be > 0 and below beta, which is {self.beta}", self.hot_beta
            )
        object.__setattr__(self, "seed", seed_or_fresh(self.seed))

    @property
    def hot(self) -> float:
        """``hot_beta``, the default filled in."""
        return float(self.hot_beta or 0.0)

    @property
    def settles(self) -> bool:
        """Whether it ends in a fixed point."""
        return math.isinf(self.beta)

    @property
    def betas(self) -> FloatArray:
        """Inverse temperatures of the sweeps with noise, but for "tempered"."""
        if self.dynamics == "fixed":
            return np.full(0 if self.settles else self.num_sweeps, float(self.beta))
        ends = 1 / self.hot, 0.0 if self.settles else 1 / self.beta
        return np.asarray(1 / np.linspace(*ends, self.num_sweeps, endpoint=not self.settles))

    @property
    def key(self) -> tuple[np.uint64, np.uint64]:
        """The seed as the two words of the random stream's key."""
        seed = self.seed or 0
        return np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32)

    def coins(self, shape: tuple[int, int]) -> SpinArray:
        """Fair coins for probes of (num_probes, n), those of the reads' random starts."""
        from pbit.kernels.sweeps import gibbs

        spins = np.empty(shape[::-1], np.int8)
        gibbs.random_spins(spins, np.uint64(self.first_read), *self.key)
        return np.ascontiguousarray(spins.T)


def checked_probes(
    probes: npt.ArrayLike, held: npt.ArrayLike | None, n: int
) -> tuple[SpinArray, npt.NDArray[np.bool_]]:
    """States (num_probes, n) in an array of their own, and which of their pixels are held.

    Raises
    ------
    ValueError
        Values that are no spins, another number of pixels, no such mask.
    """
    states = np.array(np.atleast_2d(checked_states(probes, n)), dtype=np.int8)
    if states.ndim != 2:
        raise ArgumentError("probes", "must have one row a probe", got=f"shape {states.shape}")
    if held is None:
        return states, np.zeros(states.shape, np.bool_)
    mask: npt.NDArray[Any] = np.asarray(held)
    if mask.shape not in ((n,), states.shape) or mask.dtype != np.bool_:
        raise ArgumentError(
            "held",
            f"must be a mask of shape ({n},) or {states.shape}, True where a pixel is held",
            got=f"{mask.dtype} of shape {mask.shape}",
        )
    return states, np.array(np.broadcast_to(mask, states.shape))


def check_tempered(held: npt.NDArray[np.bool_]) -> None:
    """Tempering forgets its start: without a pixel that is held it would answer nothing.

    Raises
    ------
    ValueError
    """
    free = np.flatnonzero(~held.any(axis=1))
    if free.size:
        raise ArgumentError(
            "dynamics",
            "'tempered' needs pixels that are held, or it forgets the probe",
            got=f"none in probe {free[0]}",
            remedy="use 'annealed', or complete() with what is known",
        )
