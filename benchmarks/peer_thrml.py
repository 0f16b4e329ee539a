"""thrml, Extropic's block Gibbs sampler on JAX: heat bath, colour by colour.

It has no schedules of temperature: its weights are scaled by beta in a scan over its
``sample_blocks``, all reads at once (``vmap``). JAX is held to one processor, where the system can
do that. Models of more than 64 colours are left out, since one block a colour takes minutes to
compile, and models of more than 10^5 couplings, each of which is a Python object there.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from pbit import IsingModel
from pbit.graphs.colors import Coloring, first_fit_coloring
from peers import Outcome, Problem, Task, module

_MOST_COLORS = 64
_MOST_OBJECTS = 100_000


def thrml(problem: Problem, task: Task) -> Outcome | None:
    """Thrml's block Gibbs sampling."""
    model = problem.model
    if not isinstance(model, IsingModel) or task.threads > 1 or task.rule != "Gibbs":
        return None
    if model.num_couplings > _MOST_OBJECTS or not _on_one_processor():
        return None
    coloring = first_fit_coloring(model)
    if coloring.num_colors > _MOST_COLORS:
        return None
    if "thrml" not in problem.prepared:
        problem.prepared["thrml"] = _program(model, coloring)
    anneal = problem.prepared["thrml"]
    shapes = f"thrml, {task.reads} reads, {task.betas.size} betas"
    if shapes not in problem.prepared:
        problem.prepared[shapes] = anneal(task)  # JAX compiles it
    start = time.perf_counter()
    states = anneal(task)
    seconds = time.perf_counter() - start
    spins = 2 * states[:, np.argsort(coloring.order)].astype(np.int8) - 1
    return Outcome(seconds, model.energy(spins))


def _on_one_processor() -> bool:
    """Import thrml so that JAX's threads share one processor; whether it is there."""
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    if allowed:
        os.sched_setaffinity(0, {max(allowed)})
    try:
        if module("jax") is None or module("thrml") is None:
            return False
        import jax

        jax.devices()  # starts the threads, which keep this processor
        return True
    finally:
        if allowed:
            os.sched_setaffinity(0, allowed)


def _program(model: IsingModel, coloring: Coloring) -> Callable[[Task], Any]:
    """Function of a task that returns states of shape (reads, n), colour by colour."""
    import equinox as eqx
    import jax
    import jax.numpy as jnp
    from thrml import Block, SpinNode, sample_blocks
    from thrml.models import IsingEBM, IsingSamplingProgram

    nodes = [SpinNode() for _ in range(model.num_spins)]
    rows, cols, weights = model.edges()
    pairs = [(nodes[i], nodes[j]) for i, j in zip(rows, cols, strict=True)]
    ebm = IsingEBM(nodes, pairs, jnp.asarray(model.h), jnp.asarray(weights), jnp.asarray(1.0))
    cuts = np.split(coloring.order, coloring.starts[1:-1])
    program = IsingSamplingProgram(ebm, [Block([nodes[i] for i in cut]) for cut in cuts], [])

    def numbers(program: Any) -> list[Any]:
        return [group.weights for block in program.per_block_interactions for group in block]

    def sweep(state: Any, now: Any) -> Any:
        beta, key = now
        at_beta = eqx.tree_at(numbers, program, [beta * w for w in numbers(program)])
        return sample_blocks(key, state, [], at_beta, [None] * len(cuts))[0], None

    def read(key: Any, betas: Any) -> Any:
        keys = jax.random.split(key, betas.size + len(cuts))
        state = [
            jax.random.bernoulli(one, 0.5, (len(cut),))
            for one, cut in zip(keys[betas.size :], cuts, strict=True)
        ]
        return jnp.concatenate(jax.lax.scan(sweep, state, (betas, keys[: betas.size]))[0])

    run = jax.jit(jax.vmap(read, in_axes=(0, None)))

    def anneal(task: Task) -> Any:
        keys = jax.random.split(jax.random.key(task.seed), task.reads)
        return np.asarray(run(keys, jnp.asarray(task.betas)))

    return anneal
