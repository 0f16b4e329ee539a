"""pbit sweep: rows, JSON, CSV and pictures, what it refuses, and Ctrl-C."""

import csv
import io
import json
import os

import pytest
from click.testing import CliRunner

from pbit.cli.main import cli
from processes import Started

AND = "3 3\n1 2 -1\n1 3 2\n2 3 2\n"  # without biases: an exclusive or of signs, frustrated
posix = pytest.mark.skipif(os.name != "posix", reason="POSIX signals")
BRIEF = ("--quiet", "--seed", "1")


def run(*arguments):
    result = CliRunner().invoke(cli, ["sweep", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def swept(*arguments):
    result = run(*BRIEF, "--json", *arguments)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def refused(*arguments, status, message):
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (status, ""), result.output
    assert message in " ".join(result.stderr.split())


@pytest.fixture
def gate(tmp_path):
    path = tmp_path / "gate.txt"
    path.write_text(AND)
    return path


@pytest.fixture
def many(tmp_path):
    """A ring of 20 spins: too many for an exact law."""
    path = tmp_path / "ring.txt"
    path.write_text("20 20\n" + "".join(f"{k + 1} {(k + 1) % 20 + 1} 1\n" for k in range(20)))
    return path


# --- rows


def test_distances(gate):
    record = swept(gate, "--vary", "delay=0,1", "--beta", "1", "--sweeps", "2000")
    ideal, none, late = record["rows"]
    assert [row["value"] for row in record["rows"]] == ["ideal", 0.0, 1.0]
    assert (record["metric"], record["parameter"], record["unit"]) == ("distance", "delay", "tau")
    assert (record["num_reads"], record["num_sweeps"], record["beta"]) == (64, 2000, 1.0)
    assert {key: ideal[key] for key in ("distance", "floor")} == {
        key: none[key] for key in ("distance", "floor")
    }
    assert ideal["distance"] < 3 * ideal["floor"] and late["distance"] > 10 * late["floor"]
    assert late["law"] == "not Boltzmann: synapses late by 1 tau"
    assert record["target"] is None and record["interrupted"] is False


def test_successes_with_a_target(many):
    record = swept(many, "--vary", "stuck_fraction=0,1", "--target", "-20", "--reads", "40")
    ideal, free, stuck = record["rows"]
    assert (record["metric"], record["target"], record["target_from"]) == (
        "success", -20.0, "given",
    )  # fmt: skip
    assert ideal["success"] == free["success"] > 0.5
    assert (stuck["hits"], stuck["low"]) == (0, 0.0)
    assert all(row["low"] <= row["success"] <= row["high"] for row in record["rows"])
    assert ideal["mean_energy"] == ideal["mean_objective"] < stuck["mean_objective"]
    assert ideal["seconds_per_read"] == pytest.approx(1e-6)


def test_without_a_target_the_best_one_found(many):
    options = ("--vary", "gain=1", "--problem", "maxcut", "--sweeps", "50", "--reads", "8")
    record = swept(many, *options)
    assert record["target_from"] == "best found in this sweep"
    assert 0 < record["target"] <= 20 and record["objective_name"] == "cut"
    assert sum(row["hits"] for row in record["rows"]) >= 1


def test_auto_takes_successes_for_many_spins_a_target_or_no_beta(gate, many):
    brief = ("--vary", "gain=1", "--sweeps", "2", "--reads", "8")
    assert swept(many, *brief, "--beta", "1")["metric"] == "success"
    assert swept(gate, *brief)["metric"] == "success"
    assert swept(gate, *brief, "--beta", "1", "--target", "1")["metric"] == "success"
    assert swept(gate, *brief, "--beta", "1", "--metric", "success")["metric"] == "success"
    assert swept(gate, *brief, "--beta", "1")["metric"] == "distance"


def test_same_seed_same_rows(gate, many):
    for path, options in ((gate, ("--beta", "1")), (many, ("--threads", "1"))):
        arguments = (path, "--vary", "delay=0.5", "--sweeps", "20", *options)
        first, second, other = (swept(*arguments), swept(*arguments),
                                swept(*arguments, "--seed", "2"))  # fmt: skip
        assert first == second and first["rows"] != other["rows"]


def test_the_chip_of_a_file_is_what_is_varied(gate, tmp_path):
    chip = tmp_path / "chip.toml"
    chip.write_text('name = "mine"\ntau = "2 ns"\ngain_spread = 0.2\n')
    options = ("--vary", "delay=0,1", "--hardware", chip, "--sweeps", "10", "--reads", "8")
    record = swept(gate, *options)
    assert (record["chip"]["name"], record["chip"]["tau_s"]) == ("mine", 2e-9)
    laws = [row["law"] for row in record["rows"]]
    assert laws[0] == "Boltzmann" and "gains spread by 0.2" in laws[1]
    assert "synapses late by 1 tau" in laws[2]
    assert [row["seconds_per_read"] for row in record["rows"]] == pytest.approx([2e-8] * 3)


def test_calibrated_chips_are_nearer_to_the_law(gate, tmp_path):
    """Gains a factor of 1.65 apart put the law off by far more than 64 reads can miss."""
    options = ("--vary", "gain_spread=0.5", "--beta", "1", "--sweeps", "2000")
    raw, corrected = (swept(gate, *options, *extra) for extra in ((), ("--calibrate",)))
    assert (raw["calibrated"], corrected["calibrated"]) == (False, True)
    assert raw["rows"][0] == corrected["rows"][0]
    before, after = raw["rows"][1], corrected["rows"][1]
    assert after["distance"] + 4.9 * (after["error"] + before["error"]) < before["distance"]
    table = run(gate, *options, "--calibrate", *BRIEF).stdout
    assert "calibrated   each chip but the ideal one" in table


def test_words_and_nothing_are_values(gate):
    record = swept(gate, "--vary", "weight_bits=none,4", "--sweeps", "2", "--reads", "8")
    assert [row["value"] for row in record["rows"]] == ["ideal", None, 4]
    record = swept(gate, "--vary", "dynamics=arrhenius", "--sweeps", "2", "--reads", "8")
    assert [row["value"] for row in record["rows"]] == ["ideal", "arrhenius"]


# --- how rows are told


def test_tables_are_80_columns_wide(gate, many):
    for path, options in ((gate, ("--beta", "1")), (many, ())):
        result = run(path, "--vary", "weight_bits=none,4", "--seed", "1", "--sweeps", "9", *options)
        lines = result.stdout.splitlines()
        assert result.exit_code == 0 and max(map(len, lines)) <= 80
        assert [line.split()[0] for line in lines[:4]] == ["weight_bits", "ideal", "none", "4"]
        assert f"{path}: ising (rudy)" in result.stderr
        assert "weight_bits over 2 values" in result.stderr


def test_csv_and_json_files(gate, tmp_path):
    options = ("--vary", "delay=0:1:3:ns", "--sweeps", "5", "--reads", "8")
    record = swept(gate, *options, "--output", tmp_path / "rows.json")
    assert json.loads((tmp_path / "rows.json").read_text()) == record
    printed = run(gate, *options, *BRIEF, "--csv", "--output", tmp_path / "rows.csv").stdout
    assert (tmp_path / "rows.csv").read_text() == printed
    rows = list(csv.DictReader(io.StringIO(printed)))
    assert [row["delay (ns)"] for row in rows] == ["ideal", "0.0", "0.5", "1.0"]
    for read, row in zip(rows, record["rows"], strict=True):
        assert float(read["success"]) == row["success"]
        assert float(read["mean_energy"]) == row["mean_energy"]


def test_one_read_has_no_error_bar(gate):
    arguments = (gate, "--vary", "gain=1", "--sweeps", "5", "--reads", "1")
    assert swept(*arguments)["rows"][0]["objective_error"] is None
    assert run(*arguments).exit_code == run(*arguments, "--csv").exit_code == 0


@pytest.mark.parametrize(
    "options",
    [
        ("--vary", "delay=log:0.1:1:2", "--beta", "1"),
        ("--vary", "weight_bits=none,4", "--beta", "1"),
        ("--vary", "delay=0,1", "--reads", "1"),
        ("--vary", "dynamics=heat-bath,arrhenius"),
    ],
)
def test_pictures(gate, tmp_path, options):
    path = tmp_path / "sweep.png"
    result = run(gate, *options, "--sweeps", "5", "--plot", path, *BRIEF)
    assert result.exit_code == 0
    assert path.read_bytes().startswith(b"\x89PNG")


# --- refusals


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ((), "Missing option '--vary'"),
        (("--vary", "delay"), "--vary delay: the parameter to vary must be KEY=LOW:HIGH:COUNT or"),
        (("--vary", "dealy=1"), "did you mean 'delay'?"),
        (("--vary", "gain=0:1:3"), "gain must be a number > 0 and <= 1000, got 0.0"),
        (("--vary", "gain=1", "--beta", "inf"), "--beta must be a finite number >= 0, got inf"),
        (("--vary", "gain=1", "--beta", "-1"), "--beta must be a finite number >= 0, got -1.0"),
        (("--vary", "gain=1", "--beta-range", "0", "1"), "--beta-range must be two numbers > 0"),
        (
            ("--vary", "gain=1", "--beta-range", "1", "2", "--beta", "1"),
            "--beta and --beta-range exclude each other",
        ),
        (("--vary", "gain=1", "--json", "--csv"), "--json and --csv exclude each other"),
        (("--vary", "gain=1", "--target", "nan"), "--target must be a number, got nan"),
        (("--vary", "gain=1", "--metric", "distance"), "--metric distance needs --beta"),
        (
            ("--vary", "gain=1", "--metric", "distance", "--beta", "1", "--target", "1"),
            "--target needs --metric success",
        ),
        (("--vary", "gain=1", "--reads", "0"), "0 is not in the range"),
        (("--vary", "gain=1", "--output", "/nowhere/at/all"), "--output /nowhere/at/all: cannot"),
        (("--vary", "gain=1", "--plot", "a.jpg"), "--plot a.jpg: the name must end in"),
    ],
)
def test_usage_errors_come_before_the_file_is_read(extra, message):
    refused("missing.txt", *extra, status=2, message=message)


def test_more_temperatures_than_memory_holds(gate):
    options = ("--vary", "gain=1", "--sweeps", str(10**11))
    refused(gate, *options, status=5, message="lower --sweeps")


def test_more_laws_than_memory_holds(tmp_path):
    path = tmp_path / "ring.txt"
    path.write_text("12 12\n" + "".join(f"{k + 1} {(k + 1) % 12 + 1} 1\n" for k in range(12)))
    options = ("--vary", "gain=1", "--beta", "1", "--reads", str(2**31))
    refused(path, *options, status=5, message="reads of 12 spins need about 262144.0 GiB")


def test_few_reads_have_no_distance(gate):
    options = ("--vary", "gain=1", "--beta", "1", "--reads", "7")
    refused(gate, *options, status=2, message="--reads must be >= 8 for a distance")


def test_many_spins_have_no_exact_law(many):
    options = ("--vary", "gain=1", "--beta", "1", "--metric", "distance")
    refused(many, *options, status=5, message="the exact law takes 12 spins at most, this probl")


def test_files_that_are_refused(gate, tmp_path):
    refused("missing.txt", "--vary", "gain=1", status=4, message="No such file")
    chip = tmp_path / "chip.toml"
    chip.write_text("\ngian = 2\n")
    message = f"{chip}:2: unknown key 'gian'; did you mean 'gain'?"
    refused(gate, "--vary", "gain=1", "--hardware", chip, status=4, message=message)
    cubic = tmp_path / "cubic.txt"
    cubic.write_text("hubo 3 1 spin\n1 0 1 2\n")
    refused(cubic, "--vary", "gain=1", status=4, message="terms of 3 spins and pbit sweep takes")


def test_files_are_not_written_over_one_another(gate):
    message = f"FILE and --output name the same file, {gate}"
    refused(gate, "--vary", "gain=1", "--output", gate, status=2, message=message)
    assert gate.read_text() == AND


def test_it_is_listed():
    assert "sweep " in CliRunner().invoke(cli, ["--help"]).stdout


# --- Ctrl-C


@posix
@pytest.mark.parametrize("options", [("--beta", "1"), pytest.param((), marks=pytest.mark.slow)])
def test_rows_that_were_done_are_kept(gate, tmp_path, options):
    """A thousand chips take minutes; a part of the second one is shown once the first has a row."""
    path = tmp_path / "rows.json"
    brief = (gate, "--vary", "tau_spread=0:2:1000", "--sweeps", "4000", "--json", "--seed", "1")
    process = Started("sweep", *brief, "--output", path, *options)
    process.wait_for("shown", enough=lambda fraction: fraction > 1 / 1001)
    stdout, _ = process.press()
    assert process.returncode == 130
    record = json.loads(stdout)
    assert json.loads(path.read_text()) == record
    assert record["interrupted"] is True
    assert 1 <= len(record["rows"]) < 1001 and record["rows"][0]["value"] == "ideal"


@posix
def test_an_interrupt_before_the_first_row_leaves_files_alone(gate, tmp_path):
    path = tmp_path / "rows.json"
    path.write_text("before")
    endless = (gate, "--vary", "gain=1", "--beta", "1", "--sweeps", 2 * 10**9, "--output", path)
    process = Started("sweep", *endless)
    process.wait_for("begun")
    stdout, stderr = process.press()
    assert (process.returncode, stdout) == (130, "")
    assert stderr.endswith("interrupted\n")
    assert path.read_text() == "before"
