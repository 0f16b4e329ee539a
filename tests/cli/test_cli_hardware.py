"""pbit solve --hardware: what a run on a chip tells, and what it refuses."""

import json

import pytest
from click.testing import CliRunner

from pbit.cli.main import cli
from pbit.hardware.prices import PRICES

RING = "4 4\n1 2 1\n2 3 1\n3 4 1\n4 1 1\n"


def run(*arguments):
    result = CliRunner().invoke(cli, list(map(str, arguments)))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def ring(tmp_path):
    path = tmp_path / "ring.mc"
    path.write_text(RING)
    return path


@pytest.fixture
def chip(tmp_path):
    path = tmp_path / "chip.toml"
    path.write_text('name = "two-ns"\ntau = "2 ns"\ndelay = "0.1 tau"\nseed = 9\n')
    return path


def solve(ring, chip, *extra):
    return run("solve", ring, "--problem", "maxcut", "--hardware", chip, "--seed", "1", *extra)


def test_the_summary_tells_the_chip_its_time_flips_and_energy(ring, chip):
    result = solve(ring, chip, "--sweeps", "500", "--reads", "10")
    assert result.exit_code == 0, result.stderr
    rows = {line[:12].strip(): line[13:] for line in result.stdout.splitlines()}
    assert rows["best cut"] == "4"
    assert rows["chip"] == "two-ns, seed 9"
    assert rows["chip time"] == "1 us a read"
    assert rows["law"] == "not Boltzmann: synapses late by 0.1 tau"
    assert rows["energy used"].endswith("J, assumption x count")
    assert rows["prices"].startswith("SPICE prices of a CMOS p-bit chip, arXiv:2608.01615")
    assert rows["flips"].endswith(" updates")
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert f"hardware={chip}" in result.stderr


def test_json_has_the_chip_and_pbit_check_agrees(ring, chip, tmp_path):
    path = tmp_path / "best.json"
    result = solve(ring, chip, "--json", "--output", path, "--sweeps", "500", "--reads", "10")
    record = json.loads(result.stdout)
    told = record["hardware"]
    assert (told["name"], told["seed"]) == ("two-ns", 9)
    assert told["seconds_per_read"] == pytest.approx(500 * 2e-9)
    assert 0 < told["flips"] <= told["updates"]
    prices = PRICES["z1-spice"]
    assert told["energy_J"]["updates_J"] == pytest.approx(told["updates"] * prices.update_J)
    # Ten reads of four p-bits, each of which is redrawn once a sweep on average.
    assert abs(told["updates"] - 20_000) < 4.9 * 20_000**0.5
    assert record["law"] == told["law"] and record["options"]["hardware"] == str(chip)
    checked = run("check", ring, path)
    assert (checked.exit_code, checked.stderr) == (0, "")


def test_without_a_chip_the_record_says_so(ring):
    result = run("solve", ring, "--problem", "maxcut", "--json", "--reads", "2")
    assert json.loads(result.stdout)["hardware"] is None


def test_same_seeds_same_answer(ring, chip, tmp_path):
    first, second = (json.loads(solve(ring, chip, "--json", "--sweeps", "5").stdout)
                     for _ in range(2))  # fmt: skip
    for record in (first, second):
        del record["timing"]
    assert first == second


def test_rounds_of_a_time_limit_count_all_their_flips(ring, chip, stepped):
    record = json.loads(solve(ring, chip, "--json", "--time-limit", "0.1").stdout)
    assert record["rounds"] > 1
    # An update of each p-bit and sweep on average, whatever the round.
    assert record["hardware"]["updates"] == pytest.approx(record["updates"], rel=0.01)


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (("--solver", "neal"), "--solver neal and --hardware exclude each other"),
        (("--rule", "metropolis"), "--rule metropolis and --hardware exclude each other"),
        (("--kernel", "bits"), "--kernel bits and --hardware exclude each other"),
        (("--order", "chromatic"), "--order chromatic and --hardware exclude each other"),
        (("--update-fraction", "0"), "--update-fraction 0.0 and --hardware exclude each other"),
    ],
)
def test_options_that_the_chip_decides(chip, extra, message):
    result = solve("missing.mc", chip, *extra)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in " ".join(result.stderr.split())


def test_the_rule_of_a_p_bit_may_be_named(ring, chip):
    assert solve(ring, chip, "--rule", "heat-bath", "--sweeps", "2").exit_code == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("gian = 2", ":1: unknown key 'gian'; did you mean 'gain'?"),
        ("\ndelay = '2 mV'", ":2: delay must be a time, a number and one of the units s, ms"),
        ('clock = "ticks"', ":1: tick_s must be given with clock 'ticks'"),
    ],
)
def test_chips_are_refused(ring, tmp_path, text, message):
    path = tmp_path / "wrong.toml"
    path.write_text(text)
    result = solve(ring, path)
    assert (result.exit_code, result.stdout) == (4, "")
    assert f"{path}{message}" in result.stderr


def test_paths_that_are_no_chips(ring, tmp_path):
    result = solve(ring, tmp_path / "no.toml")
    assert (result.exit_code, result.stdout) == (4, "")
    assert "No such file or directory" in result.stderr
    (tmp_path / "other.mc").write_text(RING)
    result = solve(ring, tmp_path / "other.mc")
    assert result.exit_code == 4 and "not TOML" in result.stderr


def test_the_answer_is_not_written_over_the_chip(ring, chip):
    before = chip.read_text()
    result = solve(ring, chip, "--output", chip)
    assert result.exit_code == 2 and "name the same file" in result.stderr
    assert chip.read_text() == before


@pytest.mark.parametrize("command", ["solve", "sweep"])
def test_problems_that_the_chip_cannot_take(ring, chip, tmp_path, command):
    extra = ("--vary", "noise=0,1") if command == "sweep" else ()
    cubic = tmp_path / "cubic.txt"
    cubic.write_text("hubo 3 1 spin\n1 0 1 2\n")
    result = run(command, cubic, "--hardware", chip, *extra)
    assert (result.exit_code, result.stdout) == (4, "")
    assert "terms of 3 spins and --hardware takes at most 2" in result.stderr
    chip.write_text("[correction]\ngain = [1, 1]\noffset = [0, 0]\n")
    result = run(command, ring, "--problem", "maxcut", "--hardware", chip, *extra)
    assert (result.exit_code, result.stdout) == (4, "")
    message = f"{chip}: [correction] is of 2 p-bits, this problem needs 4; calibrate as many"
    assert message in result.stderr
