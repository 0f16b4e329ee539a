"""The free phases of learning on scikit-learn's digits, beside each other."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.datasets import load_digits

from learning_data import Row
from pbit.problems.boltzmann import RestrictedBoltzmannMachine
from pbit.problems.boltzmann.free_energy import free_energy
from pbit.problems.boltzmann.measures import moments_mismatch
from pbit.problems.boltzmann.partition import annealed_log_z
from pbit.problems.boltzmann.phases import PHASES
from pbit.problems.boltzmann.starting import start_biases


def phases(repeats: int, seed: int) -> list[Row]:
    """Free phases on scikit-learn's digits: likelihood, label units, how chains compare to data."""
    grey, numbers = load_digits(return_X_y=True)
    X = np.where(grey > 7.5, 1, -1).astype(np.int8)
    found = []
    for name in PHASES:
        rows = [_phase(name, (X, numbers), seed + k) for k in range(repeats)]
        means = {key: float(np.mean([row[key] for row in rows])) for key in rows[0]}
        spread = float(np.std([row["test"] for row in rows], ddof=min(1, repeats - 1)))
        found.append({"table": "phases", "phase": name, **means, "spread": spread})
    return found


def _phase(name: Any, data: tuple[Any, Any], seed: int) -> Row:
    X, numbers = data
    order = np.random.default_rng(seed).permutation(len(X))
    learn, test = order[: len(X) * 4 // 5], order[len(X) * 4 // 5 :]
    common: Row = {"learning_rate": (0.05, 0.002), "n_iter": 50, "batch_size": 20}
    common |= {"negative": name, "n_chains": 100, "random_state": seed}
    busy = time.process_time()
    machine = RestrictedBoltzmannMachine(64, **common).fit(X[learn])
    busy = time.process_time() - busy
    model = machine.machine_.model
    base = start_biases(X[learn].mean(axis=0))
    ln_z = annealed_log_z(model, num_betas=3000, num_chains=200, base=base, seed=seed).log_z
    told = RestrictedBoltzmannMachine(64, **common).fit(X[learn], numbers[learn])
    drawn = machine.sample(1000, n_steps=1000, random_state=seed)
    return {
        "processors": busy,
        "test": float(-free_energy(model, X[test]).mean()) - ln_z,
        "right": told.score(X[test], numbers[test]),
        "pairs": moments_mismatch(drawn, X[learn]).pairs,
    }


def print_phases(rows: Sequence[Row]) -> None:
    """A line a phase."""
    print("\n8 x 8 digits, 64 hidden p-bits, 50 epochs")
    print("phase       processor s  test, nats     labels right %  pairs of samples off by")
    for row in rows:
        print(
            f"{row['phase']:10}  {row['processors']:11.1f}  {row['test']:6.2f} ± "
            f"{row['spread']:4.2f}  {100 * row['right']:14.1f}  {row['pairs']:23.3f}"
        )
