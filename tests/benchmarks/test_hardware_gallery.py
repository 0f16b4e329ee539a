"""The hardware gallery: its exact laws, its distance and its scripts; what they measure is not
tested.

False alarms: random numbers are checked at 5.5 standard errors of normal variables, 4e-8 each.
"""

import json

import numpy as np
import pytest
from click.testing import CliRunner

import gallery_laws as laws
import gallery_runs
import hardware_gallery
import hardware_speed
from pbit import Hardware, calibrate
from pbit.exact import exact_boltzmann, exact_law, exact_synchronous

PPSL = [
    (gate, beta, dt, value)
    for (gate, beta), values in laws.STEP_TABLE.items()
    for dt, value in zip(laws.STEPS, values, strict=True)
]
SUBSET = [
    (gate, beta, q, value)
    for (gate, beta), values in laws.FRACTION_TABLE.items()
    for q, value in zip(laws.FRACTIONS, values, strict=True)
]


def matrix_distance(gate, beta, flips):
    exact = laws.long_run(laws.tick_matrix(flips))
    return laws.total_variation(exact, exact_boltzmann(laws.GATES[gate], beta))


def last_digit(value):
    """One unit of the last digit, of values printed with two or three figures."""
    return 0.01 if value in (1.0, 0.58) else max(10 ** (np.floor(np.log10(value)) - 1), 1e-4)


@pytest.mark.parametrize(("gate", "beta", "dt", "value"), PPSL)
def test_ppsl_is_as_far_from_boltzmann_as_the_reference(gate, beta, dt, value):
    found = matrix_distance(gate, beta, laws.ppsl_flips(laws.GATES[gate], beta, dt))
    assert abs(found - value) < last_digit(value)


@pytest.mark.parametrize(("gate", "beta", "q", "value"), SUBSET)
def test_random_subsets_are_as_far_from_boltzmann_as_the_reference(gate, beta, q, value):
    found = matrix_distance(gate, beta, laws.subset_flips(laws.GATES[gate], beta, q))
    assert abs(found - value) < last_digit(value)


@pytest.mark.parametrize("gate", laws.GATES)
def test_all_at_once_is_the_synchronous_law(gate):
    flips = laws.subset_flips(laws.GATES[gate], 0.5, 1.0)
    found = laws.long_run(laws.tick_matrix(flips))
    np.testing.assert_allclose(found, exact_synchronous(laws.GATES[gate], 0.5), atol=1e-9)


@pytest.mark.parametrize("gate", laws.GATES)
def test_tick_matrix_is_a_sweep_of_random_subsets(gate):
    model = laws.GATES[gate]
    found = laws.tick_matrix(laws.subset_flips(model, 0.7, 0.3)).mean(axis=0)
    exact = exact_law(model, [0.7], order="random-subset", update_fraction=0.3)
    np.testing.assert_allclose(found, exact, atol=1e-14)


def test_law_of_an_ideal_chip_is_boltzmann():
    model = laws.GATES["FA5"]
    found = laws.chip_law(Hardware(), model, 1.0)
    np.testing.assert_allclose(found, exact_boltzmann(model, 1.0), atol=1e-12)


def test_law_of_a_calibrated_chip_is_nearer_to_boltzmann():
    model = laws.GATES["FA5"]
    exact = exact_boltzmann(model, 1.0)
    raw = Hardware(gain_spread=0.4, offset_spread=0.4, seed=3)
    fixed = calibrate(raw, model.num_spins, seed=1, num_threads=1)
    distances = [laws.total_variation(laws.chip_law(c, model, 1.0), exact) for c in (raw, fixed)]
    assert distances[1] < distances[0] / 5


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("shift", [0.0, 0.02])
def test_distance_of_fractions_of_time(known, shift):
    """Made-up reads around a law ``shift`` away; the control is the distance of no shift."""
    law = np.full(4, 0.25)
    true = law + shift * np.array([1, -1, 0.5, -0.5]) / 1.5
    rng = np.random.default_rng(1)
    by_read = true + 0.01 * rng.standard_normal((1000, 4))
    value, error = laws.distance(
        by_read, law, np.array([True, False, True, False]) if known else None
    )
    assert abs(value - shift) < 5.5 * error
    assert shift == 0 or value > 5.5 * error


@pytest.mark.parametrize("hits", [0, 3, 10])
def test_wilson_interval(hits):
    """Its ends are the fractions one standard error away from what was found."""
    low, high = gallery_runs.wilson(hits, 10)
    for end in (low, high):
        wanted = np.sqrt(end * (1 - end) / 10)
        assert abs(abs(end - hits / 10) - wanted) < 1e-7 or end in (0.0, 1.0)


def test_gallery_runs(tmp_path, monkeypatch):
    monkeypatch.setattr(
        gallery_runs.Effort, "of", lambda seed, quick: gallery_runs.Effort(seed, 2000, 2, 1, 2, 20)
    )
    command = ["--quick", "--output", str(tmp_path), "--json", str(tmp_path / "rows.json")]
    for name in ("ppsl", "spread", "annealing", "telegraph"):
        command += ["--only", name]
    monkeypatch.setattr(gallery_runs, "glasses", few_spins)
    result = CliRunner().invoke(hardware_gallery.main, command)
    assert result.exit_code == 0, result.output
    assert max(map(len, result.output.splitlines())) <= 88
    rows = json.loads((tmp_path / "rows.json").read_text())["rows"]
    assert {row["figure"] for row in rows} == {"ppsl", "spread", "annealing", "telegraph"}
    assert len(list(tmp_path.glob("*.png"))) == 4


def few_spins(count, seed):
    return "a full adder", [(laws.GATES["FA5"], -4.0)] * count


def test_glasses_are_drawn_without_the_published_ones(monkeypatch):
    monkeypatch.delenv("PBIT_DATA", raising=False)
    monkeypatch.setattr(gallery_runs, "_LONG", 20)
    source, found = gallery_runs.glasses(1, 1)
    assert "PBIT_DATA is not set" in source
    model, energy = found[0]
    assert model.num_spins == 216
    assert energy <= -216


def test_published_glasses(data):
    source, found = gallery_runs.glasses(2, 1)
    assert "putative" in source
    assert [model.num_spins for model, _ in found] == [512, 512]


def test_speed_has_the_options_all_share():
    names = {option for p in hardware_speed.main.params for option in p.opts}
    assert {"--seed", "--repeats", "--json", "--plot"} <= names


def test_speed_runs():
    rows = hardware_speed.measure(4, 100, 1, 1)
    assert [r["case"] for r in rows] == [*hardware_speed.CHIPS, hardware_speed.WITHOUT]
    assert all(r["ns_per_decision"] > 0 for r in rows)
    assert all(len(hardware_speed.line(r)) <= 80 for r in rows if r["ns_per_decision"] < 1e5)
