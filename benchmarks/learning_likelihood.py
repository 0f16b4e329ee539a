"""Test log-likelihoods of restricted machines after equal wall time, ours and BernoulliRBM's."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sklearn.neural_network import BernoulliRBM

from learning_data import HIDDEN, Row, as_spins, mnist, parts_of, spread_of_energies
from pbit.models.layered import LayeredModel
from pbit.problems.boltzmann import RestrictedBoltzmannMachine
from pbit.problems.boltzmann.free_energy import free_energy
from pbit.problems.boltzmann.partition import annealed_log_z, reverse_annealed_log_z
from pbit.problems.boltzmann.starting import start_biases
from pbit.samplers.layers import LayerChains

RATES = {"pbit": (0.002, 0.005), "BernoulliRBM": (0.05, 0.1)}
BETAS, CHAINS = 1000, 100


def likelihood(seconds: float, seed: int) -> list[Row]:
    """Test log-likelihood of both after so many seconds of training, epochs in turn."""
    train, test = (data.spins for data in mnist())
    base = start_biases(train.mean(axis=0))
    found = []
    for ours, theirs in zip(*RATES.values(), strict=True):
        machine = RestrictedBoltzmannMachine(
            HIDDEN, learning_rate=ours, momentum=0.0, n_iter=1, random_state=seed
        )
        peer = BernoulliRBM(HIDDEN, learning_rate=theirs, batch_size=100, random_state=seed)
        rng = np.random.default_rng(seed)
        steps = {"pbit": _ours(machine, train), "BernoulliRBM": _theirs(peer, train > 0, rng)}
        spent = _trained(steps, seconds)
        gap = spread_of_energies(as_spins(*parts_of(peer)), parts_of(peer), seed)
        models = {"pbit": machine.machine_.model, "BernoulliRBM": as_spins(*parts_of(peer))}
        for name, model in models.items():
            row = {"who": name, "rate": ours if name == "pbit" else theirs, **spent[name]}
            measured = _measured(model, (train, test, base), seed)
            row |= {"energy_gap": gap} if name != "pbit" else {}
            found.append({"table": "likelihood", **row, **measured})
            print_likelihood(found[-1:], header=len(found) == 1)
    return found


def _ours(machine: Any, rows: Any) -> Callable[[], float]:
    def part() -> float:
        machine.partial_fit(rows)
        return 1.0

    return part


def _theirs(peer: Any, rows: Any, rng: np.random.Generator) -> Callable[[], float]:
    bits = rows.astype(np.float64)

    def part() -> float:
        order = rng.permutation(len(bits))[:6000]
        for some in np.split(order, 60):
            peer.partial_fit(bits[some])
        return 0.1

    return part


def _trained(steps: dict[str, Callable[[], float]], seconds: float) -> dict[str, Row]:
    """Run each until its time is over, in turn; what each used and how many epochs it saw."""
    used = {name: {"wall": 0.0, "processors": 0.0, "epochs": 0.0} for name in steps}
    while any(each["wall"] < seconds for each in used.values()):
        for name, each in used.items():
            if each["wall"] < seconds:
                wall, busy = time.perf_counter(), time.process_time()
                each["epochs"] += steps[name]()
                each["wall"] += time.perf_counter() - wall
                each["processors"] += time.process_time() - busy
    return used


def _measured(model: LayeredModel, data: tuple[Any, Any, Any], seed: int) -> Row:
    """ln Z from both sides, and the mean log-likelihood of the test images with each."""
    train, test, base = data
    up = annealed_log_z(model, num_betas=BETAS, num_chains=CHAINS, base=base, seed=seed)
    chains = LayerChains(model.sizes, CHAINS, seed=seed)
    chains.layers[0][...] = train[:CHAINS]
    chains.advance(model, BETAS)
    down = reverse_annealed_log_z(model, chains.layers[0], num_betas=BETAS, base=base, seed=seed)
    minus = -free_energy(model, test)
    error = float(np.hypot(up.error, minus.std() / np.sqrt(minus.size)))
    mean = float(minus.mean())
    return {"test": mean - up.log_z, "error": error, "reverse": mean - down.log_z}


def print_likelihood(rows: Sequence[Row], *, header: bool = True) -> None:
    """A line a machine."""
    if header:
        print("\nlog-likelihood of test images after equal wall time, nats; ln Z by annealing")
        print("who             rate   wall s  processor s  epochs      test         by the reverse")
    for row in rows:
        print(
            f"{row['who']:13} {row['rate']:6g}  {row['wall']:7.0f}  {row['processors']:11.0f}  "
            f"{row['epochs']:6.1f}  {row['test']:8.1f} ± {row['error']:4.1f}  "
            f"{row['reverse']:10.1f}",
            flush=True,
        )
