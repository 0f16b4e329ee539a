"""What the algorithms over digits are handed, by name."""

from __future__ import annotations

from typing import Any, NamedTuple


class AnnealPlan(NamedTuple):
    """``betas`` float64 (num_betas, 1 or R), each for ``sweeps_per_beta`` sweeps; ``rule`` of
    :mod:`pbit.kernels.digits.family`; ``keeps_best``: return the lowest state, not the last."""

    betas: Any
    sweeps_per_beta: int
    rule: int
    keeps_best: bool


class AnnealReads(NamedTuple):
    """Of R reads: ``values`` int16 (R, n), first and last states; ``energies`` float64 (R,), no
    offset; ``sweeps`` int64 (R,), whole ones made; ``best`` int16 (n,) is memory."""

    values: Any
    energies: Any
    sweeps: Any
    best: Any


class TemperPlan(NamedTuple):
    """Sweeps ``first`` to ``last - 1``; whether to swap; the sweep after which the run began; the
    patience of :func:`pbit.kernels.tempering.exchange.gives_up` or 0; ``rule``; ``clusters`` of
    :mod:`pbit.kernels.digits.clusters`, or None: never."""

    first: int
    last: int
    swapping: bool
    begun: int
    patience: float
    rule: int
    clusters: Any


class Replicas(NamedTuple):
    """``values`` int16 (S, n) and ``works`` of S replicas; ``slots`` int64 (T, R): which of them is
    where on the ladder of ``betas`` float64 (T,); ``energies`` float64 (T, R)."""

    values: Any
    works: Any
    slots: Any
    betas: Any
    energies: Any


class Best(NamedTuple):
    """The lowest state: energy float64 (1,), values int16 (n,), sweep int64 (1,)."""

    energy: Any
    values: Any
    sweep: Any
