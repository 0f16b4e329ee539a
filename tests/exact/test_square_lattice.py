"""The 2D Ising model at finite size against Kaufman's exact solution: where bad generators show.

z-tests of the mean energy of independent reads at false alarm 1e-6 a case. Reads start from all
spins up; the sweeps are ten times and more the relaxation time of the energy.
"""

from itertools import product

import numpy as np
import pytest

from cases import some
from pbit import IsingModel, Schedule, anneal
from pbit.exact import exact_boltzmann, exact_energies, exact_square_lattice_energy


def torus(side):
    sites = np.arange(side * side).reshape(side, side)
    ends = np.concatenate([np.roll(sites, -1, axis).ravel() for axis in (0, 1)])
    return IsingModel.from_edges(np.tile(sites.ravel(), 2), ends, np.ones(ends.size))


def z_score(model, side, *, beta, sampled_beta, sweeps, reads, **options):
    start = np.ones((reads, model.num_spins), dtype=np.int8)
    run = anneal(
        model,
        Schedule(np.full(sweeps, sampled_beta)),
        num_reads=reads,
        initial_spins=start,
        **options,
    )
    energies = run.energies / side**2
    exact = exact_square_lattice_energy(side, beta)
    return (energies.mean() - exact) / (energies.std() / np.sqrt(reads))


@pytest.mark.parametrize("beta", [0.1, 0.3, 0.4406867935, 0.8])
def test_the_formula_equals_enumeration(beta):
    model = torus(4)
    exact = exact_boltzmann(model, beta) @ exact_energies(model) / 16
    assert exact_square_lattice_energy(4, beta) == pytest.approx(exact, abs=1e-7)


def test_the_formula_at_the_critical_point():
    """Onsager: -sqrt(2) in the limit; a finite torus lies below by about 0.62 / L."""
    beta = np.log(1 + np.sqrt(2)) / 2
    for side in (16, 32, 64):
        excess = (-np.sqrt(2) - exact_square_lattice_energy(side, beta)) * side
        assert 0.55 < excess < 0.70


KERNELS = [
    {"kernel": "bits"},
    {"kernel": "lanes"},
    {"kernel": "lanes", "rule": "metropolis"},
    {"kernel": "dense"},
    {"kernel": "cached"},
    {"kernel": "colors", "order": "chromatic"},
    {"kernel": "reads", "order": "permutation"},
    {"kernel": "reads", "order": "random"},
]


def named(value):
    return "-".join(value.values()) if isinstance(value, dict) else None


@pytest.mark.parametrize(
    ("temperature", "options"),
    some(
        product((2.0, 3.0), KERNELS),
        *product((2.0,), (KERNELS[0], KERNELS[4])), *product((3.0,), (KERNELS[1], KERNELS[5])),
    ),
    ids=named,
)  # fmt: skip
def test_energy_off_the_critical_point(temperature, options):
    """At 3 the start is forgotten by a factor e in 6 sweeps of random order, the slowest."""
    sweeps = 200 if temperature == 2.0 else 100
    case = {"beta": 1 / temperature, "sweeps": sweeps, "reads": 1024, "seed": 7}
    model = torus(12)
    assert abs(z_score(model, 12, sampled_beta=1 / temperature, **case, **options)) < 4.9


def test_control_a_beta_off_by_one_percent_is_caught():
    case = {"beta": 1 / 3, "sweeps": 200, "reads": 16384, "seed": 8}
    assert abs(z_score(torus(12), 12, sampled_beta=1.01 / 3, **case)) > 4.9


@pytest.mark.slow
@pytest.mark.parametrize("options", KERNELS, ids=lambda o: "-".join(o.values()))
@pytest.mark.parametrize("temperature", [2.0, 2.269, 3.0])
def test_energy_of_the_32_torus(temperature, options):
    sweeps = 20000 if temperature == 2.269 else 1000
    reads = 256 if options["kernel"] in ("dense", "cached", "colors") else 4096
    reads = reads if temperature != 2.269 or options["kernel"] == "bits" else 256
    reads = 64 if options["kernel"] == "reads" else reads
    case = {"beta": 1 / temperature, "sweeps": sweeps, "reads": reads, "seed": 9}
    assert abs(z_score(torus(32), 32, sampled_beta=1 / temperature, **case, **options)) < 4.9
