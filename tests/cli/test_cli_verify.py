"""pbit verify: what it prints, how it ends, and what it refuses."""

import json
import os
from itertools import pairwise

import dimod
import numpy as np
import pytest
from click.testing import CliRunner

from pbit import Schedule
from pbit.cli.main import cli
from pbit.measure.verification import verify as verification
from processes import PRESSES, Started

RING = "4 4\n1 2 1\n2 3 1\n3 4 -1\n4 1 1\n"


def run(*arguments, stdin=None):
    result = CliRunner().invoke(cli, ["verify", *map(str, arguments)], input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def refused(*arguments, status, message, stdin=None):
    result = run(*arguments, stdin=stdin)
    assert (result.exit_code, result.stdout) == (status, ""), result.output
    assert message in result.stderr


@pytest.fixture
def ring(tmp_path):
    path = tmp_path / "ring.mc"
    path.write_text(RING)
    return path


@pytest.fixture
def cube(tmp_path):
    """A periodic lattice of 6 x 6 x 6 with couplings +1 and -1: too wide to be tested whole."""
    sites = np.arange(216).reshape(6, 6, 6)
    signs = np.random.default_rng(1).choice([-1, 1], 648)
    ends = np.concatenate([np.roll(sites, -1, axis).ravel() for axis in range(3)])
    pairs = zip(np.tile(sites.ravel(), 3) + 1, ends + 1, signs, strict=True)
    path = tmp_path / "cube.mc"
    path.write_text("216 648\n" + "".join(f"{i} {j} {w}\n" for i, j, w in pairs))
    return path


@pytest.fixture
def wrong_beta(monkeypatch):
    anneal = verification.anneal
    monkeypatch.setattr(
        verification,
        "anneal",
        lambda model, schedule, **options: anneal(
            model, Schedule(1.1 * schedule.betas, schedule.sweeps_per_beta), **options
        ),
    )


def test_a_small_model_passes(ring):
    result = run(ring, "--seed", 1)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "model        ising, 4 variables, 4 couplings"
    assert lines[1] == "tested       all 4 spins"
    assert any(line.startswith("beta         0.388") and "hot end" in line for line in lines)
    assert "tests        10: 4 spins, 4 pairs, energy, states" in lines
    assert lines[-1] == "PASS: the samples agree with the Boltzmann law"
    assert max(map(len, lines)) <= 80


def test_a_large_model_is_tested_by_a_patch(cube):
    result = run(cube, "--seed", 1, "--spin", 17, "--beta", 0.2)
    assert result.exit_code == 0
    assert "tested       20 spins around 17, the rest held at a sampled state" in result.stdout
    assert "beta         0.2\n" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_json(cube):
    arguments = (cube, "--seed", 3, "--reads", 500, "--sweeps", 60, "--patch-size", 9, "--json")
    record = json.loads(run(*arguments).stdout)
    assert (record["verdict"], record["cause"], record["num_failed"]) == ("PASS", None, 0)
    assert len(record["tested_spins"]) == 9
    assert record["patch_around"] in record["tested_spins"]
    assert record["effective_sample_size"] == record["num_reads"] == 500
    assert record["num_tests"] == sum(record["tests"].values())
    assert record["alpha"] < record["smallest_p"] * record["num_tests"]
    assert (record["num_sweeps"], record["burn_in"]["lag_sweeps"]) == (60, 30)
    assert record["seed"] == 3 and record["updates"] == 500 * 60 * 9
    again = json.loads(run(*arguments).stdout)
    assert again == record


@pytest.mark.usefixtures("wrong_beta")
def test_control_a_wrong_sampler_fails(ring, cube):
    for path in (ring, cube):
        result = run(path, "--seed", 1, "--reads", 40_000)
        assert (result.exit_code, result.stderr) == (3, "")
        assert "FAIL: the samples have settled and do not follow" in result.stdout
        assert "tests; the worst:\n    " in result.stdout
        assert max(map(len, result.stdout.splitlines())) <= 80
        record = json.loads(run(path, "--seed", 1, "--reads", 40_000, "--json").stdout)
        assert (record["verdict"], record["cause"]) == ("FAIL", "law")
        assert record["num_failed"] == len(record["deviations"]) > 0
        seen, error = record["energy"]["beta_seen"], record["energy"]["beta_error"]
        assert abs(seen - 1.1 * record["beta"]) < 5 * error


def test_a_glass_too_cold_for_its_sweeps_is_told_to_take_more(cube):
    result = run(cube, "--seed", 1, "--beta", 3, "--sweeps", 10, "--patch-size", 60)
    assert result.exit_code == 3
    assert "FAIL: not in equilibrium after 10 sweeps" in result.stdout
    assert "Give more --sweeps" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_reads_that_are_all_alike(ring):
    result = run(ring, "--seed", 1, "--reads", 1)
    assert result.exit_code == 0
    assert "burn-in      cannot be judged: all reads are alike" in result.stdout


def test_energies_that_no_beta_gives(tmp_path):
    """Few cold reads, all in a ground state."""
    path = tmp_path / "pair.mc"
    path.write_text("2 1\n1 2 1\n")
    result = run(path, "--seed", 1, "--beta", 5, "--reads", 100)
    assert result.exit_code == 0
    assert "beta seen    none gives this energy" in result.stdout


def test_options_reach_the_sampler(ring):
    options = ("--rule", "metropolis", "--order", "random", "--kernel", "reads", "--threads", 1)
    result = run(ring, "--seed", 5, *options)
    assert result.exit_code == 0
    assert "sampler      metropolis, random, kernel reads, seed 5" in result.stdout


def test_problem_and_sign_are_what_the_options_say(ring):
    def record(*options):
        return json.loads(run(*options, "--seed", 1, "--json").stdout)

    assert record(ring)["problem"] == "ising"
    assert record(ring, "--problem", "maxcut")["problem"] == "maxcut"
    triangle = ring.with_name("triangle.txt")
    triangle.write_text("0 1 1\n1 2 1\n2 0 1\n")
    happy, frustrated = (
        record(triangle, "--beta", 0.5, "--ising-sign", sign)["energy"]["exact"]
        for sign in ("minus", "plus")
    )
    # Energies -3 (2 states) and 1 (6 states), or -1 (6 states) and 3 (2 states).
    up, down = 2 * np.exp(1.5), 6 * np.exp(-0.5)
    assert happy == pytest.approx((-3 * up + down) / (up + down))
    up, down = 6 * np.exp(0.5), 2 * np.exp(-1.5)
    assert frustrated == pytest.approx((-up + 3 * down) / (up + down))


def test_standard_input_and_names(tmp_path):
    assert run("-", "--seed", 1, stdin=RING).exit_code == 0
    names = [f"a{k}" for k in range(30)] + [7]
    bqm = dimod.BQM.from_ising({}, {pair: -1.0 for pair in pairwise(names)})
    path = tmp_path / "chain.bqm"
    path.write_bytes(bqm.to_file().read())
    for name in ("a7", "7"):
        result = run(path, "--seed", 1, "--spin", name, "--reads", 100)
        assert result.exit_code == 0 and f"spins around {name}, the rest" in result.stdout


@pytest.mark.parametrize(("arguments", "message"), [
    (("--beta", "inf"), "--beta must be a finite number >= 0, got inf"),
    (("--beta", "nan"), "--beta must be a finite number >= 0"),
    (("--beta", "-1"), "--beta must be a finite number >= 0, got -1"),
    (("--alpha", "0"), "--alpha must be a probability between 0 and 1, got 0"),
    (("--alpha", "nan"), "--alpha must be a probability"),
    (("--spin", "9"), "--spin 9: no such variable; the first ones are 1, 2, 3"),
    (("--sweeps", "1"), "1 is not in the range"),
    (("--reads", "0"), "0 is not in the range"),
    (("--patch-size", "0"), "0 is not in the range"),
    (("--kernel", "bits", "--order", "random"), "--kernel 'bits' needs order 'sequential'"),
    (("--beta", "1e308"), "--beta times the sum of all couplings and fields"),
])  # fmt: skip
def test_usage_errors(ring, arguments, message):
    refused(ring, *arguments, status=2, message=message)


def test_refusals(tmp_path, ring, cube):
    refused(tmp_path / "no", status=4, message="No such file or directory")
    empty = tmp_path / "empty.bqm"
    empty.write_bytes(dimod.BQM("SPIN").to_file().read())
    refused(empty, status=4, message="the model has no variables, expected at least one")
    refused(cube, "--patch-size", 216, status=5, message="24 are the limit; lower --patch-size")
    refused(ring, "--reads", 2**31, status=5, message="lower --reads")


@pytest.mark.skipif(os.name != "posix", reason="POSIX signals")
@pytest.mark.parametrize("press", PRESSES)
def test_ctrl_c_ends_at_once(cube, press):
    process = Started("verify", cube, "--sweeps", 10**8)
    process.wait_for("shown")
    stdout, stderr = press(process)
    assert (process.returncode, stdout, stderr.strip()) == (130, "", "interrupted")
