"""The full-adder law on five p-bits: what couplings can do, what a chip does, learning on it.

Rows, in turns: a, b, carry in, sum, carry out; eight of the 32 states, equally probable.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, count
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import logsumexp

from pbit import Hardware, IsingModel
from pbit.exact import exact_boltzmann, state_number, states
from pbit.exact.continuous import PBits, exact_generator, exact_stationary_law
from pbit.hardware.chip import Chip
from pbit.models.directed import DirectedModel
from pbit.problems.boltzmann.few_bits import FewBitsMachine
from pbit.problems.boltzmann.gradient import Ascent, LearningRate
from pbit.problems.boltzmann.graph_machine import GraphMachine
from pbit.problems.boltzmann.phases import Persistent, PhaseOptions
from pbit.problems.boltzmann.seating import Seating
from pbit.problems.boltzmann.training import Training
from pbit.samplers.time_average import time_average

Floats = npt.NDArray[np.float64]

N = 5
EDGES = np.array(list(combinations(range(N), 2))).T
DECAY = 0.005  # of the couplings: without it the best ones are infinite
UPDATES, CHAINS, SWEEPS = 2000, 500, 2
RATES, MOMENTUM = (0.1, 0.002), 0.9
NAMES = ("a", "b", "carry in", "sum", "carry out")


def rows() -> npt.NDArray[np.int8]:
    """The eight rows, +1 for 1."""
    a, b, c = (states(3).T > 0).astype(int)
    total = a + b + c
    bits = np.stack([a, b, c, total % 2, total // 2], axis=1)
    return (2 * bits - 1).astype(np.int8)


@dataclass(frozen=True)
class Weights:
    """Biases (5,) and couplings (10,) of the complete graph."""

    h: Floats
    couplings: Floats

    @property
    def model(self) -> IsingModel:
        """Their energy; couplings of 0 stay."""
        first, second = EDGES
        ones = IsingModel.from_edges(first, second, np.ones(first.size), h=np.zeros(N))
        J = np.zeros((N, N))
        J[tuple(EDGES)] = self.couplings
        at = np.repeat(np.arange(N), np.diff(ones.J.indptr)), ones.J.indices
        return ones.with_entries(self.h, (J + J.T)[at])


def divergence(law: Floats, seats: npt.ArrayLike = range(N)) -> float:
    """KL(rows || law) in nats of the p-bits at these seats, the others summed out."""
    kept = np.asarray(seats)
    wanted, found = np.zeros(2**kept.size), np.zeros(2**kept.size)
    np.add.at(wanted, state_number(rows()[:, kept]), 1 / 8)
    np.add.at(found, state_number(states(N)[:, kept]), law)
    seen = wanted > 0
    with np.errstate(divide="ignore"):
        return float(np.sum(wanted[seen] * np.log(wanted[seen] / found[seen])))


def best(*, decay: float = 0.0, limit: float = np.inf, seats: npt.ArrayLike = range(N)) -> Weights:
    """The weights of the highest ``mean ln p(row) - decay/2 |J|^2`` with all of them within limits.

    Convex, by its exact gradient; of the p-bits at these seats, the others uncoupled.
    """
    every = states(N).astype(np.float64)
    kept = np.isin(np.arange(N), seats)
    features = np.hstack([every, every[:, EDGES[0]] * every[:, EDGES[1]]])
    features *= np.concatenate([kept, kept[EDGES].all(axis=0)])
    wanted = features[state_number(rows())].mean(axis=0)
    decays = np.repeat([0.0, decay], [N, EDGES.shape[1]])

    def loss(x: Floats) -> tuple[float, Floats]:
        exponents = features @ x
        log_z = logsumexp(exponents)
        means = np.exp(exponents - log_z) @ features
        value = log_z - wanted @ x + 0.5 * (decays * x) @ x
        return float(value), means - wanted + decays * x

    box = [(-limit, limit)] * decays.size
    found = minimize(
        loss, np.zeros(decays.size), jac=True, bounds=box, method="L-BFGS-B",
        options={"maxiter": 5000, "ftol": 1e-15, "gtol": 1e-9},
    )  # fmt: skip
    return Weights(found.x[:N], found.x[N:])


def chip_law(chip: Hardware, weights: Weights) -> Floats:
    """Exact law of heat-bath p-bits on a chip whose synapses are instantaneous."""
    made = Chip.of(chip, weights.model)
    gain, offset = made.gain, made.offset
    if chip.correction is not None:
        g, o = chip.correction.gain[:N], chip.correction.offset[:N]
        gain, offset = gain / g, offset - gain * o / g
    wired = DirectedModel(made.h, made.J)
    pbits = PBits(gain=gain, offset=offset, stuck=made.stuck)
    generator = exact_generator(wired, 1.0, pbits=pbits)
    possible = ((states(N) == made.stuck) | (made.stuck == 0)).all(axis=1)
    law = np.zeros(2**N)
    law[possible] = exact_stationary_law(generator[np.ix_(possible, possible)])
    return law


def averaged_divergence(chip: Hardware, weights: Weights, *, seed: int) -> tuple[float, float]:
    """KL(rows || law) of a chip's average over time, and its standard error from the reads."""
    run = time_average(
        weights.model, 1.0, hardware=chip, num_sweeps=10_000, burn_in=500, num_reads=32, seed=seed
    )
    assert run.states is not None and run.by_read is not None
    at = state_number(rows())
    by_read = (run.by_read[:, at] / run.states[at]).mean(axis=1)
    return divergence(run.states), float(by_read.std(ddof=1) / np.sqrt(len(by_read)))


def learnt(
    chip: Hardware | None,
    *,
    seed: int,
    seats: npt.ArrayLike = range(N),
    updates: int = UPDATES,
    bits: int | None = None,
    sweeps: int = SWEEPS,
) -> Weights:
    """Weights learnt with the chip in the loop, by persistent chains, from nothing.

    p-bits at other seats are hidden; the same rule as :func:`best` with its decay. Weights of
    so many bits settle on the way.
    """
    layout = Seating.of(N, EDGES, seats)
    options: Any = {"seed": seed, "hardware": chip, "clamped_steps": sweeps}
    machine = (
        GraphMachine(layout, **options)
        if bits is None
        else FewBitsMachine(layout, bits=bits, **options)
    )
    phase = Persistent(machine, PhaseOptions(sweeps, CHAINS, seed=seed), 8)
    rate = LearningRate(*RATES, updates)
    data = rows()[:, np.asarray(seats)]
    training = Training(machine, phase, Ascent(MOMENTUM, DECAY), rate, 8, seed)
    while training.epoch < updates:
        training.run_epoch(data)
        if isinstance(machine, FewBitsMachine):
            machine.settle(training.epoch / updates)
    couplings = machine.couplings.astype(np.float64)
    return Weights(machine.h.astype(np.float64), couplings)


def ideal_law(weights: Weights) -> Floats:
    """Boltzmann's."""
    return np.asarray(exact_boltzmann(weights.model, 1.0))


def chip_with_stuck(seat: int) -> Hardware:
    """The first chip whose only p-bit that is stuck is this one."""
    for seed in count():
        chip = Hardware(stuck_fraction=0.2, seed=seed)
        stuck = Chip.of(chip, IsingModel.from_edges([], [], [], h=np.zeros(N))).stuck
        if np.flatnonzero(stuck).tolist() == [seat]:
            return chip
    raise AssertionError("seeds do not end")
