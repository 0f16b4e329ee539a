"""First mistakes: what is of the wrong type is refused in a sentence that names the argument.

Each argument of each public function and class gets values of other types. What comes of it is a
result, or an error of ours: never one that Python raised inside, such as an AttributeError.
"""

import inspect
import re
import warnings
from pathlib import Path

import dimod
import networkx as nx
import numpy as np
import pytest

import pbit
from pbit.devices.embedded import EmbeddedPBit
from pbit.devices.fitting.fit import fit_junction
from pbit.devices.fitting.sigmoid import fit_sigmoid
from pbit.devices.mtj import Junction
from pbit.hardware.from_embedded import hardware_of_embedded
from pbit.hardware.from_junction import hardware_of_junction
from pbit.hardware.pbit_table import PBitTable

CHAIN = pbit.IsingModel.from_edges([0, 1], [1, 2], [1.0, 1.0])
BQM = dimod.BQM({"a": 1.0, "b": -1.0}, {"ab": 1.0}, 0.0, "SPIN")
CHIP = pbit.Hardware()
DIGIT = pbit.DitModel.potts([0], [1], num_values=3)
DWELLS = {"currents_A": [-2e-6, 0.0, 2e-6], "dwell_P_s": [1e-6, 2e-6, 4e-6],
          "dwell_AP_s": [4e-6, 2e-6, 1e-6]}  # fmt: skip
EDGES = {"weights": [1.0]}
GOOD = [
    (pbit.anneal, {"model": CHAIN, "num_sweeps": 3}),
    (pbit.moments, {"model": CHAIN, "beta": 1.0, "num_sweeps": 5, "burn_in": 1}),
    (pbit.trajectory, {"model": CHAIN, "schedule": [1.0, 1.0]}),
    (pbit.time_average, {"model": CHAIN, "beta": 1.0, "hardware": CHIP, "num_sweeps": 5}),
    (pbit.temper, {"model": CHAIN, "num_sweeps": 5}),
    (pbit.population_anneal, {"model": CHAIN, "beta": 1.0}),
    (pbit.descend, {"model": CHAIN, "spins": [[1, 1, 1]]}),
    (pbit.calibrate, {"hardware": CHIP, "num_pbits": 2, "num_samples": 16}),
    (pbit.clamp, {"model": CHAIN, "constants": {0: 1}}),
    (pbit.exact_quantum.thermal, {"model": CHAIN, "gamma": 1.0, "beta": 1.0}),
    (pbit.exact_quantum.time_correlations, {"model": CHAIN, "gamma": 1.0, "beta": 5.0,
                                            "taus": [0.0, 1.0]}),
    (pbit.exact_quantum.ground, {"model": CHAIN, "gamma": 1.0}),
    (pbit.exact_quantum.replicated, {"model": CHAIN, "gamma": 1.0, "beta": 1.0, "replicas": 2}),
    (pbit.exact_quantum.slice_correlations, {"model": CHAIN, "gamma": 1.0, "beta": 1.0,
                                             "replicas": 2}),
    (pbit.exact_quantum.replica_law, {"model": CHAIN, "gamma": 1.0, "beta": 1.0, "replicas": 2}),
    (pbit.exact_quantum.open_chain, {"couplings": [1.0], "gamma": 1.0, "beta": 1.0}),
    (pbit.exact_quantum.ring, {"num_spins": 3, "gamma": 1.0, "beta": 1.0}),
    (pbit.exact_quantum.xxz_levels, {"j_xy": [[0, 1], [1, 0]], "j_z": [[0, 1], [1, 0]]}),
    (pbit.exact_quantum.energy_of_levels, {"levels": [0.0, 1.0], "beta": 1.0}),
    (pbit.default_beta_range, {"model": CHAIN}),
    (pbit.default_schedule, {"model": CHAIN}),
    (pbit.solve, {"source": CHAIN, "num_reads": 2, "num_sweeps": 3}),
    (pbit.PBitSampler().sample, {"bqm": BQM, "num_sweeps": 3}),
    (pbit.TemperingSampler().sample, {"bqm": BQM, "num_sweeps": 3}),
    (pbit.PopulationSampler().sample, {"bqm": BQM}),
    (pbit.AnnealingSampler().sample, {"bqm": BQM, "num_sweeps": 3}),
    (pbit.DiscreteSampler().sample_dqm, {"dqm": DIGIT.to_dqm(), "num_sweeps": 3}),
    (pbit.DiscreteSampler().sample_cqm, {"cqm": dimod.CQM.from_dqm(DIGIT.to_dqm()),
                                         "num_sweeps": 3}),
    (pbit.DitModel.from_cases, {"num_values": [2, 2], "h": None, "rows": [0], "cols": [3],
                                "values": [1.0]}),
    (pbit.DitModel.from_matrix, {"weights": [[0, 1], [1, 0]], "num_values": 3}),
    (pbit.DitModel.from_networkx, {"graph": nx.path_graph(2), "num_values": 3}),
    (pbit.DitModel.from_dqm, {"dqm": DIGIT.to_dqm()}),
    (pbit.DitModel.from_bqm, {"bqm": BQM, "groups": ["ab"]}),
    (pbit.IsingModel, {"h": [0.0, 0.0], "J": [[0, 1], [1, 0]]}),
    (pbit.IsingModel.from_edges, {"rows": [0], "cols": [1], **EDGES}),
    (pbit.IsingModel.from_qubo, {"Q": {(0, 1): 1.0}}),
    (pbit.IsingModel.from_ising, {"h": {}, "J": {(0, 1): 1.0}}),
    (pbit.IsingModel.from_bqm, {"bqm": BQM}),
    (pbit.IsingModel.from_networkx, {"graph": nx.path_graph(2)}),
    (pbit.DirectedModel.from_edges, {"sources": [0], "targets": [1], **EDGES}),
    (pbit.DitModel, {"num_values": [2], "h": [0.0, 0.0], "pointers": [0, 0], "neighbours": []}),
    (pbit.DitModel.from_pairs, {"num_values": [2, 2], "h": None, "rows": [0], "cols": [1],
                                "tables": np.eye(2)}),
    (pbit.DitModel.potts, {"rows": [0], "cols": [1], "num_values": 3}),
    (DIGIT.random, {}),
    (DIGIT.energy, {"values": [0, 1]}),
    (pbit.Schedule, {"betas": [1.0]}),
    (pbit.Ladder, {"betas": [1.0]}),
    (pbit.Control, {}),
    (pbit.Prices, {}),
    (pbit.Hardware, {}),
    (fit_junction, DWELLS),
    (fit_sigmoid, {"voltage_V": [0.1, 0.2, 0.3, 0.4], "mean": [-0.9, -0.3, 0.4, 0.8]}),
    (hardware_of_junction, {"junction": Junction(8.0)}),
    (hardware_of_embedded, {"device": EmbeddedPBit(Junction(8.0)), "correlation_time_s": 1e-9,
                            "response_s": 1e-11}),
    (Junction, {"barrier": 8.0}),
    (EmbeddedPBit, {"junction": Junction(8.0)}),
    (PBitTable, {"gain": (1.0, 2.0)}),
    (PBitTable.of_sigmoids, {"V0_V": [0.05], "V50_V": [0.4], "unit_V": 0.05, "zero_V": 0.4}),
]  # fmt: skip
WRONG = [3, -1, 1.5, "x", b"x", None, True, [], [1, 2], [[1, 2], [3, 4]], ["a", "b"], [None], {},
         {"a": 1}, (5, 0.1), object(), Path("q"), lambda x: x, CHAIN, BQM]  # fmt: skip
ENDLESS = {"num_reads", "num_sweeps", "time_limit", "time_limit_s", "num_samples"}  # or long
# What Python and numpy say from inside, without the name of an argument.
INSIDE = re.compile(
    r"has no attribute|object is not|object cannot be|unsupported operand|has no len|of unsized"
    r"|not supported between|could not be broadcast|too many values|not enough values"
    r"|^float\(\) argument|^could not convert|^list indices|truth value|inhomogeneous"
)
# dimod's own words, or the names of other people's attributes.
LEFT = {("from_networkx", "weight"), ("sample", "initial_states_generator")}


def names_of(call):
    for name, each in inspect.signature(call).parameters.items():
        if each.kind is not each.VAR_KEYWORD and (call.__name__, name) not in LEFT:
            yield name


CALLS = [
    pytest.param(call, good, id=getattr(call, "__qualname__", str(call))) for call, good in GOOD
]


@pytest.mark.parametrize(("call", "good"), CALLS)
def test_wrong_types_are_refused_in_a_sentence(call, good):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        call(**good)
        for name in names_of(call):
            for value in WRONG:
                if name in ENDLESS and (value is None or value in (3, 1.5)):
                    continue
                try:
                    call(**{**good, name: value})
                except (TypeError, ValueError, OSError, MemoryError, ImportError) as error:
                    told = f"{name}={value!r:.40}: {type(error).__name__}: {error}"
                    assert not INSIDE.search(str(error)) or "must be" in str(error), told


def test_control_errors_from_inside_are_seen():
    for broken in (lambda: (3).values, lambda: 3 + "x", lambda: len(3), lambda: float("x")):
        with pytest.raises((AttributeError, TypeError, ValueError)) as raised:
            broken()
        assert INSIDE.search(str(raised.value))


@pytest.mark.parametrize(
    ("mistake", "sentence"),
    [
        (lambda: pbit.temper(CHAIN, 5), "ladder must be a Ladder or a list of betas, got 5"),
        (lambda: pbit.anneal(CHAIN, control=3), r"control must be of type Control, got 3 \(int\)"),
        (lambda: pbit.anneal(CHAIN, executor=3), "executor must have submit or map, got 3"),
        (lambda: pbit.anneal(CHAIN, beta=[1, 2]), "a list of betas is a schedule"),
        (lambda: pbit.anneal(CHAIN, hardware={"tau_s": 1e-9}), r"use pbit.Hardware\(\*\*"),
        (lambda: pbit.anneal(CHAIN, initial_spins=-1), r"np.full\(3, -1\) starts with all"),
        (lambda: pbit.anneal(CHAIN, initial_spins=[1, 1]), r"\(1, 3\), one row a read, or \(3,\)"),
        (lambda: pbit.calibrate(CHAIN, 3), "hardware must be a pbit.Hardware or the name of a"),
        (lambda: pbit.calibrate(None, 3), "hardware must be a pbit.Hardware .* got None"),
        (lambda: pbit.clamp(CHAIN, 3), "constants must be of type Mapping, got 3"),
        (lambda: pbit.default_schedule(CHAIN, num_sweeps=-1), "num_sweeps must be >= 0"),
        (lambda: pbit.Schedule([1.0], others=3), "others must be of type Mapping"),
        (lambda: pbit.Schedule("x"), "betas must be a number or an array of numbers, got 'x'"),
        (lambda: pbit.Control(time_limit_s="10"), "time_limit must be a number, got '10'"),
        (lambda: pbit.IsingModel(np.zeros((2, 2))), r"J must be given after the biases h"),
        (lambda: pbit.IsingModel([0, 0], {(0, 1): 1}), r"use IsingModel.from_ising\(h, J\)"),
        (lambda: pbit.IsingModel([0], [[0]], labels=3), "labels must be a list, one a spin"),
        (lambda: pbit.IsingModel.from_edges([(0, 1)]), r"with pairs: from_edges\(\[\(0, 1\)\]"),
        (lambda: pbit.IsingModel.from_edges([("a", "b")], [1]), "IsingModel.from_ising"),
        (lambda: pbit.IsingModel.from_bqm(3), "bqm must be of type BinaryQuadraticModel"),
        (lambda: pbit.IsingModel.from_ising({}, [[0]]), "J must be of type Mapping"),
        (lambda: pbit.IsingModel.from_ising(3, {}), "h must be a dict of labels to fields"),
        (lambda: pbit.IsingModel.from_qubo({"a": 1}), r"pairs of labels as keys, got 'a'"),
        (lambda: pbit.anneal(CHAIN, best_seen="x"), "best_seen must be True or False, got 'x'"),
        (lambda: pbit.IsingModel.from_networkx(3), "graph must be of type Graph"),
        (lambda: pbit.DirectedModel.from_edges([0, 1], [1], [1.0]), "must have one length"),
        (lambda: pbit.Hardware(gain=[1, 2]), r"table=PBitTable\(gain=...\) has one a p-bit"),
        (lambda: pbit.Hardware(tau_s="3 ns"), "numbers are in s here, texts with units in chip"),
        (lambda: pbit.Hardware(prices="fpga"), r"give pbit.hardware.prices.PRICES\['fpga'\]"),
        (lambda: pbit.Hardware(prices=3), r"give pbit.Prices\(power_W="),
        (lambda: pbit.Hardware(table="pbits.csv"), "read_pbits reads a file"),
        (lambda: pbit.Hardware(table={"gain": [1]}), r"give PBitTable\(gain="),
        (lambda: pbit.Hardware.load(3), "path must be the name of a chip file, got 3"),
        (lambda: pbit.read(3), "source must be the name of a file, '-' or a binary stream, got 3"),
        (lambda: pbit.read("x.coo", format=3), "format must be one of"),
        (lambda: pbit.PBitSampler().sample(BQM, initial_states=(5, 0.1)), "states as dimod takes"),
        (lambda: hardware_of_junction(3), "junction must be of type Junction, got 3"),
        (lambda: hardware_of_embedded(3, correlation_time_s=1.0, response_s=1.0),
         "device must be a pbit.devices.embedded.EmbeddedPBit, got 3; hardware_of_junction"),
        (lambda: fit_junction(**DWELLS, num_dwells=[1, 2]), "one a current, 3, got shape"),
        (lambda: fit_junction(**DWELLS, barrier_exponent=np.nan), "barrier_exponent must be a fin"),
        (lambda: fit_sigmoid([1, 2, 3], [0, 0.1, 0.2], num_samples=[9, 9]), "one a voltage, 3"),
        (lambda: PBitTable(gain=[1.0], labels=3), "labels must be a list, one a p-bit"),
    ],
)  # fmt: skip
def test_mistakes_are_told_with_a_way_out(mistake, sentence):
    with pytest.raises((TypeError, ValueError), match=sentence):
        mistake()


def test_what_loses_nothing_is_taken():
    ladder = pbit.temper(CHAIN, [0.5, 1.0], num_sweeps=5, seed=1)
    assert np.array_equal(
        ladder.spins, pbit.temper(CHAIN, pbit.Ladder([0.5, 1.0]), num_sweeps=5, seed=1).spins
    )
    down = np.full(3, -1)
    one, all_rows = (
        pbit.anneal(CHAIN, [], num_reads=4, initial_spins=spins) for spins in (down, [down] * 4)
    )
    assert np.array_equal(one.spins, all_rows.spins) and (one.spins == -1).all()
    triples = pbit.IsingModel.from_edges([(0, 1, 1.0), (1, 2, -2.0)])
    pairs = pbit.IsingModel.from_edges([(0, 1), (1, 2)], [1.0, -2.0])
    assert (triples.J != pairs.J).nnz == 0
    assert pbit.anneal(CHAIN, rule="heat bath", seed=1).info["rule"] == "heat-bath"


def test_a_chip_file_is_calibrated(tmp_path):
    file = tmp_path / "chip.toml"
    file.write_text("offset = 0.5\n")
    found = pbit.calibrate(str(file), 2, num_samples=16, seed=1)
    assert found == pbit.calibrate(pbit.Hardware.load(file), 2, num_samples=16, seed=1)
