"""Thrml's training step of a restricted machine: its two-term estimate of the gradient, CD-1.

Its weights are a Python object each. Nothing but the gradient comes back, so that chains cannot
persist; the weights' own step, an addition, is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from peers import module


def training_step(sizes: tuple[int, int], batch: Any) -> Callable[[int], Any] | None:
    """A function of a seed that estimates the gradient from spins (rows, visible); compiled."""
    if module("jax") is None or module("thrml") is None:
        return None
    import jax
    import jax.numpy as jnp
    from thrml import Block, SamplingSchedule, SpinNode
    from thrml.models import IsingEBM, IsingTrainingSpec, estimate_kl_grad

    visible, hidden = ([SpinNode() for _ in range(n)] for n in sizes)
    edges = [(a, b) for a in visible for b in hidden]
    rng = np.random.default_rng(1)
    weights = jnp.asarray(0.01 * rng.standard_normal(len(edges)), jnp.float32)
    nodes = visible + hidden
    model = IsingEBM(nodes, edges, jnp.zeros(len(nodes)), weights, jnp.asarray(1.0))
    once = SamplingSchedule(1, 1, 1)
    spec = IsingTrainingSpec(
        model, [Block(visible)], [], [Block(hidden)], [Block(hidden), Block(visible)], once, once
    )
    data = jnp.asarray(batch > 0)
    coins = jnp.asarray(rng.random((len(batch), sizes[1])) < 0.5)

    @jax.jit
    def step(key: Any, data: Any, coins: Any) -> Any:
        start = [coins, data]
        return estimate_kl_grad(key, spec, nodes, edges, [data], [], [coins[None]], start)[:2]

    def run(seed: int) -> Any:
        return jax.block_until_ready(step(jax.random.key(seed), data, coins))

    run(0)
    return run
