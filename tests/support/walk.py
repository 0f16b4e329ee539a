"""A training that keeps a checkpoint, in a process of its own: a walk of many weights."""

import sys

import numpy as np

from pbit.problems.learning import Checkpoint

DATA = np.arange(12, dtype=np.int8).reshape(4, 3)


def checkpoint(path):
    return Checkpoint(path, "walk", settings={"seed": 7}, data={"spins": DATA})


def walk(path, epochs, *, tell=lambda epoch: None):
    """The state after so many epochs, from where the file is."""
    run = checkpoint(path)
    saved = run.resume()
    weights = np.zeros(200_000) if saved is None else saved.arrays["weights"]
    chain = np.full(1, 0.3) if saved is None else saved.arrays["chain"]
    for epoch in range(0 if saved is None else saved.progress["epoch"], epochs):
        chain = 3.9 * chain * (1 - chain)
        steps = np.random.default_rng([7, epoch]).normal(size=weights.size)
        weights = 0.9 * weights + chain * steps
        run.save({"weights": weights, "chain": chain}, {"epoch": epoch + 1})
        tell(epoch + 1)
    return run.resume()


if __name__ == "__main__":
    walk(sys.argv[1], int(sys.argv[2]), tell=lambda epoch: print(epoch, flush=True))
