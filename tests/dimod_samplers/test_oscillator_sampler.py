"""OscillatorSampler as a dimod sampler: dimod's own suite, its keywords, and the function below."""

import unittest

import dimod
import dimod.testing
import numpy as np
import pytest

from pbit import IsingModel, OscillatorHardware, OscillatorSampler, oscillate
from pbit.devices.oscillator import AutoOscillator


@dimod.testing.load_sampler_bqm_tests(OscillatorSampler)
class TestDimodSuite(unittest.TestCase):
    def test_api(self):
        dimod.testing.assert_sampler_api(OscillatorSampler())


@pytest.fixture
def bqm():
    rng = np.random.default_rng(1)
    edges = {(i, j): float(rng.normal()) for i in range(12) for j in range(i)}
    return dimod.BQM.from_ising({i: float(i % 3 - 1) for i in range(12)}, edges, 2.5)


@pytest.mark.parametrize("vartype", ["SPIN", "BINARY"])
def test_energies_labels_and_vartype(bqm, vartype):
    lowest = dimod.ExactSolver().sample(bqm).first.energy
    bqm = bqm.relabel_variables({v: ("v", v) for v in bqm.variables}, inplace=False)
    bqm = bqm.change_vartype(vartype, inplace=False)
    sampleset = OscillatorSampler().sample(bqm, num_reads=16, num_sweeps=200, seed=1)
    dimod.testing.assert_response_energies(sampleset, bqm)
    assert sampleset.vartype is bqm.vartype and len(sampleset) == 16
    assert sampleset.first.energy == pytest.approx(lowest)


def test_it_is_oscillate(bqm):
    hardware = OscillatorHardware(
        oscillator=AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5, noise_Hz=400),
        current_A=2e-3, coupling_Hz=1e5, frequency_spread_Hz=1e3,
    )  # fmt: skip
    options = {
        "num_reads": 3, "num_sweeps": 40, "seed": 7, "second_harmonic": (0.1, 0.9),
        "noise": (0.5, 0.1), "coupling": 1.5, "time_step": 0.2, "hardware": hardware,
        "best_seen": True, "descent": False, "num_threads": 1,
    }  # fmt: skip
    sampleset = OscillatorSampler().sample(bqm, **options)
    model = IsingModel.from_bqm(bqm)
    reads = oscillate(model, **options)
    order = [list(sampleset.variables).index(label) for label in model.labels]
    assert np.array_equal(sampleset.record.sample[:, order], reads.spins)
    assert sampleset.info["noise_range"] == [0.5, 0.1]
    assert sampleset.info["duration_s"] == reads.info["duration_s"]
    assert all(ns > 0 for ns in sampleset.info["timing"].values())


def test_what_ends_it(bqm):
    found = OscillatorSampler().sample(bqm, num_sweeps=10**7, target=0.0, seed=1)
    assert found.info["stop_reason"] == "target" and found.first.energy <= 0.0
    stopped = OscillatorSampler().sample(
        bqm, num_sweeps=10**7, num_reads=40, interrupt_function=lambda: True, seed=1
    )
    assert stopped.info["stop_reason"] == "interrupted"
    limited = OscillatorSampler().sample(bqm, num_sweeps=10**7, num_reads=40, time_limit=0.05)
    assert limited.info["stop_reason"] == "time_limit"


def test_refused(bqm):
    with pytest.raises(TypeError, match="bqm must be a dimod BQM"):
        OscillatorSampler().sample({("a", "b"): 1.0})
    with pytest.raises(ValueError, match=r"at most 2 spins.*dimod\.make_quadratic"):
        OscillatorSampler().sample(dimod.BinaryPolynomial({"abc": 1.0}, "SPIN"))
    with pytest.raises(ValueError, match="time_limit must be > 0"):
        OscillatorSampler().sample(bqm, time_limit=0)
