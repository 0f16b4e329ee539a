"""The six experiments of the hardware gallery; each gives rows, dictionaries of plain numbers.

Laws are averages over time of independent reads that start from the Boltzmann law; the first
``BURN_IN`` tau of each are left out.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any, Literal

import numpy as np

import gallery_laws as laws
from instances import lattice, signs
from pbit import Hardware, IsingModel, Schedule, anneal, calibrate, time_average
from pbit.exact import exact_boltzmann, exact_synchronous, states
from pbit.models.labels import FloatArray

BURN_IN = 100
_READS = 32
_TAU_S = 1e-9
SPREADS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
ANNEALED = {
    "spread": (0.0, 0.05, 0.1, 0.2, 0.3, 0.5),
    "weight_spread": (0.05, 0.1, 0.2, 0.4),
    "weight_bits": (2,),  # one number enough: couplings of one size need no more than a sign
    "dac_bits": (3, 4, 6),
    "delay": (0.03, 0.1, 0.3, 1.0),
}
# Of 200 instances those in which 128 reads of 2000 sweeps by another kernel, pbit.anneal's own,
# most often ended at the ground energy: in a middling one few reads do, and none shows what is lost
_EASY = (115, 83, 84, 176)
LAGS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)  # in tau
TELEGRAPH_RC = 0.05  # of comparators, where delays are compared
DYNAMICS: tuple[Literal["heat-bath", "arrhenius", "telegraph"], ...] = (
    "heat-bath",
    "arrhenius",
    "telegraph",
)

_BETAS = 0.2, 3.0
_LONG = 3000  # sweeps
_LEAST_ERROR = 1e-4  # below, all reads are alike but for rare visits, and errors not to be trusted

Row = dict[str, Any]


@dataclass(frozen=True)
class Effort:
    """How much is done: decisions of a law, chips of a spread, reads and sweeps of annealing."""

    seed: int
    decisions: int
    chips: int
    instances: int
    reads: int
    sweeps: int

    @classmethod
    def of(cls, seed: int, *, quick: bool) -> Effort:
        """Quick: seconds; else minutes."""
        return (
            cls(seed, 150_000, 5, 2, 16, 1000) if quick else cls(seed, 4_000_000, 11, 4, 40, 3000)
        )


def law_of(hardware: Hardware, model: IsingModel, beta: float, effort: Effort) -> FloatArray:
    """Fractions of the time in each state, a row a read."""
    n, boltzmann = model.num_spins, exact_boltzmann(model, beta)
    looks = hardware.tau_s / hardware.tick_s if hardware.tick_s else 1.0
    rng = np.random.default_rng(effort.seed)
    starts = states(n)[rng.choice(boltzmann.size, _READS, p=boltzmann)]
    run = time_average(
        model,
        beta,
        hardware=hardware,
        num_sweeps=BURN_IN + max(50, math.ceil(effort.decisions / (_READS * n * looks))),
        burn_in=BURN_IN,
        num_reads=_READS,
        initial_spins=starts,
        seed=effort.seed,
        num_threads=1,
    )
    assert run.by_read is not None
    return run.by_read


def _row(gate: str, beta: float, **values: Any) -> Row:
    return {"gate": gate, "I0": beta, **values}


def delay(effort: Effort) -> Iterator[Row]:
    """Heat bath, Poisson clocks: distance to Boltzmann against the delay of the synapses."""
    for gate, model in laws.GATES.items():
        for beta in (0.5, 1.0):
            known = laws.DELAY_TABLE.get((gate, beta))
            for k, lag in enumerate(laws.DELAYS):
                chip = Hardware(delay_s=lag * _TAU_S, tau_s=_TAU_S)
                found = law_of(chip, model, beta, effort)
                value, error = laws.distance(found, exact_boltzmann(model, beta))
                yield _row(
                    gate, beta, x=lag, emulated=value, error=error,
                    reference=known[k] if known else None,
                )  # fmt: skip


def _ticks(
    model: IsingModel, beta: float, flips: FloatArray, chip: Hardware, effort: Effort
) -> Row:
    """Exact and emulated distance of p-bits that are updated in parallel."""
    boltzmann = exact_boltzmann(model, beta)
    exact = laws.long_run(laws.tick_matrix(flips))
    by_read = law_of(chip, model, beta, effort)
    value, error = laws.distance(by_read, boltzmann, exact > boltzmann)
    truth = laws.total_variation(exact, boltzmann)
    return {
        "exact": truth,
        "emulated": value,
        "error": error,
        "z": (value - truth) / error if error > _LEAST_ERROR else None,
        "emulated_to_exact": laws.distance(by_read, exact),
    }


def ppsl(effort: Effort) -> Iterator[Row]:
    """Arrhenius p-bits in parallel with a finite step: against dt."""
    for (gate, beta), known in laws.STEP_TABLE.items():
        model = laws.GATES[gate]
        for dt, reference in zip(laws.STEPS, known, strict=True):
            chip = Hardware(
                dynamics="arrhenius", clock="ticks", tick_s=dt * _TAU_S, tau_s=_TAU_S
            )  # fmt: skip
            row = _ticks(model, beta, laws.ppsl_flips(model, beta, dt), chip, effort)
            yield _row(gate, beta, x=dt, reference=reference, **row)


def subset(effort: Effort) -> Iterator[Row]:
    """A heat bath that redraws a random part of the p-bits in parallel: against that part, q."""
    for (gate, beta), known in laws.FRACTION_TABLE.items():
        model = laws.GATES[gate]
        for q, reference in zip(laws.FRACTIONS, known, strict=True):
            chip = Hardware(clock="ticks", tick_s=-_TAU_S * math.log1p(-q), tau_s=_TAU_S)
            row = _ticks(model, beta, laws.subset_flips(model, beta, q), chip, effort)
            yield _row(gate, beta, x=q, reference=reference, **row)


def spread(effort: Effort) -> Iterator[Row]:
    """Gains and offsets of the same spread, as made and calibrated: chips of different seeds."""
    gate, beta = "FA5", 1.0
    model = laws.GATES[gate]
    effort = replace(effort, decisions=effort.decisions // 4)  # exact laws are there too
    boltzmann = exact_boltzmann(model, beta)
    for width in SPREADS:
        for k in range(effort.chips):
            raw = Hardware(
                gain_spread=width, offset_spread=width, seed=1000 * effort.seed + k, tau_s=_TAU_S
            )
            fixed = calibrate(raw, model.num_spins, seed=effort.seed + k, num_threads=1)
            for name, chip in (("raw", raw), ("calibrated", fixed)):
                exact = laws.chip_law(chip, model, beta)
                by_read = law_of(chip, model, beta, effort)
                value, error = laws.distance(by_read, boltzmann, exact > boltzmann)
                truth = laws.total_variation(exact, boltzmann)
                yield _row(
                    gate, beta, x=width, chip=name, number=k, exact=truth, emulated=value,
                    error=error, z=(value - truth) / error,
                )  # fmt: skip


def glasses(count: int, seed: int) -> tuple[str, list[tuple[IsingModel, float]]]:
    """(where they are from, 3D +-J glasses and their ground energies)."""
    folder = os.environ.get("PBIT_DATA")
    path = Path(folder or "/nonexistent") / "spinglass_3d_opuslab" / "ea3d_L08.npz"
    if path.exists():
        with np.load(path) as data:
            rows, cols = data["edges"].T
            energies = dict(zip(data["energy_ids"], data["energy_logical"], strict=True))
            return "L=8 of Chowdhury et al. (2025), putative ground energies; easy ones", [
                (
                    IsingModel.from_edges(rows, cols, data["J_sign"][k].astype(np.float64)),
                    float(energies[data["instance_id"][k]]),
                )
                for k in _EASY[:count]
            ]
    rng = np.random.default_rng(seed)
    models = [lattice(6, signs, rng) for _ in range(count)]
    steps = Schedule.geometric(0.1, 3.0, num_betas=_LONG)
    best = [anneal(m, steps, num_reads=64, seed=seed).energies.min() for m in models]
    return "generated, periodic 6^3 (PBIT_DATA is not set), best of 64 long runs", [
        (model, float(energy)) for model, energy in zip(models, best, strict=True)
    ]


def _annealing_chip(what: str, x: float, seed: int) -> Hardware:
    special: dict[str, dict[str, Any]] = {
        "spread": {"gain_spread": x, "offset_spread": x},
        "delay": {"delay_s": x * _TAU_S},
        "dac_bits": {"dac_bits": int(x), "dac_range": 8.0},
        "weight_bits": {"weight_bits": int(x)},
    }
    values = special.get(what, {what: x})
    return Hardware(seed=seed, tau_s=_TAU_S, **values)


def annealing(effort: Effort) -> Iterator[Row]:
    """Reads that end at the ground energy, on glasses of 512 p-bits, against what is not ideal."""
    source, problems = glasses(effort.instances, effort.seed)
    for what, points in ANNEALED.items():
        for x in points:
            for name in ("raw", "calibrated") if what == "spread" and x > 0 else ("raw",):
                above = np.concatenate(
                    [
                        _energies_above(model, ground, (what, x, name, k), effort)
                        for k, (model, ground) in enumerate(problems)
                    ]
                )
                hits = int((above <= 1e-9).sum())
                low, high = wilson(hits, above.size)
                yield {
                    "what": what, "x": x, "chip": name, "hits": hits, "reads": above.size,
                    "success": hits / above.size, "low": low, "high": high,
                    "residual": float(above.mean()),
                    "residual_error": float(above.std(ddof=1) / math.sqrt(above.size)),
                    "source": source, "sweeps": effort.sweeps,
                }  # fmt: skip


def _energies_above(
    model: IsingModel, ground: float, case: tuple[str, float, str, int], effort: Effort
) -> FloatArray:
    """How far above the ground energy each read ends, per p-bit; chip k has instance k."""
    what, x, name, k = case
    n = model.num_spins
    chip = _annealing_chip(what, x, 1000 * effort.seed + k)
    if name == "calibrated":
        chip = calibrate(chip, n, num_samples=500, seed=effort.seed + k, num_threads=1)
    reads = anneal(
        model,
        Schedule.geometric(*_BETAS, num_betas=effort.sweeps),
        num_reads=effort.reads,
        hardware=chip,
        seed=effort.seed + k,
        num_threads=1,
    )
    return np.asarray((reads.energies - ground) / n)


def wilson(hits: int, total: int, z: float = 1.0) -> tuple[float, float]:
    """Wilson's interval of a fraction, z standard errors to each side."""
    p, w = hits / total, z * z / total
    half = z * math.sqrt(p * (1 - p) / total + w / (4 * total)) / (1 + w)
    centre = (p + w / 2) / (1 + w)
    return max(0.0, centre - half), min(1.0, centre + half)


def telegraph(effort: Effort) -> Iterator[Row]:
    """Three dynamics against the same low-pass and the same delay."""
    effort = replace(effort, decisions=effort.decisions // 2)
    cases = (("AND", 0.5), ("AND", 1.0), ("FA5", 1.0))
    lags = [("rc", x) for x in (0.0, *LAGS)] + [("delay", x) for x in LAGS]
    for (gate, beta), dynamics, (lag, x) in product(cases, DYNAMICS, lags):
        model = laws.GATES[gate]
        boltzmann = exact_boltzmann(model, beta)
        values: dict[str, Any] = {f"{lag}_s": x * _TAU_S}
        if dynamics == "telegraph" and lag == "delay":
            values["rc_s"] = TELEGRAPH_RC * _TAU_S
        chip = Hardware(dynamics=dynamics, tau_s=_TAU_S, **values)
        value, error = laws.distance(law_of(chip, model, beta, effort), boltzmann)
        uniform = np.full(boltzmann.size, 1 / boltzmann.size)
        yield _row(
            gate, beta, dynamics=dynamics, lag=lag, x=x, emulated=value, error=error,
            uniform=laws.total_variation(uniform, boltzmann),
            synchronous=laws.total_variation(exact_synchronous(model, beta), boltzmann),
        )  # fmt: skip
