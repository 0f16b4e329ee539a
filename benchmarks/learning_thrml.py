"""Thrml's training steps of a restricted machine, run by the interpreter that has thrml.

    python learning_thrml.py VISIBLE HIDDEN BITS.npy

BITS are the rows of a batch, bool. A step is CD-1 by thrml's two-term estimate of the gradient, and
an addition to the weights. The first line that is printed is the versions; then each line of the
standard input asks for one step, whose seconds of wall time and of processors are printed.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib import metadata
from itertools import count
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from thrml import Block, SamplingSchedule, SpinNode
from thrml.models import IsingEBM, IsingTrainingSpec, estimate_kl_grad

RATE = 0.002


def training_step(sizes: tuple[int, int], bits: Any) -> Callable[[], Any]:
    """A function that makes one step more from these rows; compiled."""
    visible, hidden = ([SpinNode() for _ in range(n)] for n in sizes)
    edges = [(a, b) for a in visible for b in hidden]
    nodes, once = visible + hidden, SamplingSchedule(1, 1, 1)
    rng = np.random.default_rng(1)
    blocks = [Block(hidden)], [Block(hidden), Block(visible)]
    data, coins = jnp.asarray(bits), jnp.asarray(rng.random((len(bits), sizes[1])) < 0.5)

    @jax.jit
    def step(key: Any, biases: Any, weights: Any) -> Any:
        model = IsingEBM(nodes, edges, biases, weights, jnp.asarray(1.0))
        spec = IsingTrainingSpec(model, [Block(visible)], [], *blocks, once, once)
        start = [coins[None]], [coins, data]
        of_weights, of_biases = estimate_kl_grad(key, spec, nodes, edges, [data], [], *start)[:2]
        return biases - RATE * of_biases, weights - RATE * of_weights

    weights = jnp.asarray(0.01 * rng.standard_normal(len(edges)), jnp.float32)
    parameters, turns = (jnp.zeros(len(nodes)), weights), count()

    def run() -> None:
        nonlocal parameters
        parameters = jax.block_until_ready(step(jax.random.key(next(turns)), *parameters))

    run()
    return run


def main(visible: str, hidden: str, file: str) -> None:
    """Serve steps until the input ends."""
    run = training_step((int(visible), int(hidden)), np.load(file))
    print(json.dumps({name: metadata.version(name) for name in ("thrml", "jax")}), flush=True)
    for _ in sys.stdin:
        wall, busy = time.perf_counter(), time.process_time()
        run()
        took = time.perf_counter() - wall, time.process_time() - busy
        print(json.dumps(took), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
