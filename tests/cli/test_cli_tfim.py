"""pbit tfim: rows next to exact values, JSON, CSV and pictures, what it refuses, and Ctrl-C."""

import csv
import io
import json
import os

import pytest
from click.testing import CliRunner

from pbit.cli.main import cli
from pbit.exact.quantum import thermal
from pbit.problems.transverse_ising import TransverseIsing, ring
from processes import Started

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX signals")
BRIEF = ("--quiet", "--seed", "1")
ONE = ("--gamma", "1", "--beta", "1")
PAIR = "2 1\n1 2 0.5\n"


def run(*arguments):
    result = CliRunner().invoke(cli, ["tfim", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def measured(*arguments):
    result = run(*BRIEF, "--json", *arguments)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def refused(*arguments, status, message):
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (status, ""), result.output
    assert message in " ".join(result.stderr.split())


@pytest.fixture
def pair(tmp_path):
    path = tmp_path / "pair.txt"
    path.write_text(PAIR)
    return path


# --- rows


def test_rows_are_all_combinations_next_to_exact_values():
    """Five standard errors of 16 reads: a false alarm in ten thousand rows."""
    arguments = ("ring:4", "--gamma", "1:2:2", "--beta", "0.5,1", "--sweeps", "400")
    record = measured(*arguments)
    rows = record["rows"]
    assert [(row["beta"], row["gamma"]) for row in rows] == [(0.5, 1), (0.5, 2), (1, 1), (1, 2)]
    for row in rows:
        exact = thermal(ring(4), row["gamma"], row["beta"])
        assert row["exact_energy_per_spin"] == pytest.approx(exact.energy_per_spin, abs=1e-9)
        for name, value in (
            ("energy_per_spin", exact.energy_per_spin),
            ("sigma_x", exact.sigma_x.mean()),
            ("m2", exact.m2),
            ("binder", exact.binder),
            ("susceptibility", 4 * exact.susceptibility),
        ):
            error = row[f"{name}_error"]
            assert abs(row[name] - value) < (5 + 3) * error  # t of 15 degrees of freedom
        assert (row["replicas"], row["trotter_error"]) == (None, 0.0)
        assert row["autocorrelation_m2"] >= 0.5
    assert (record["schema"], record["model"], record["seed"]) == (1, "ring:4", 1)
    assert (record["method"], record["coupling"], record["num_spins"]) == ("worldlines", 1.0, 4)
    assert (record["burn_in"], record["interrupted"]) == (80, False)
    assert "pbit" in record["versions"]


def test_rows_are_the_librarys_with_reads_of_their_own():
    record = measured("ring:4", "--gamma", "1,1", "--beta", "1", "--sweeps", "50", "--reads", "8")
    first, second = record["rows"]
    assert (first["first_read"], second["first_read"]) == (0, 8)
    assert first["energy_per_spin"] != second["energy_per_spin"]
    quantum = TransverseIsing.of(ring(4), 1.0)
    own = quantum.measure(1.0, num_sweeps=50, num_reads=8, seed=1, first_read=8)
    assert second["energy_per_spin"] == own.energy_per_spin.value
    assert second["binder_error"] == own.binder.error


@pytest.mark.parametrize(
    ("options", "replicas"),
    [
        (("--replicas", "6"), 6),
        (("--replicas", "inf"), None),
        (("--method", "p-bits", "--trotter-error", "0.1"), 4),
        (("--method", "p-bits", "--replicas", "3"), 3),
        (("--method", "slices", "--replicas", "3"), 3),
    ],
)
def test_replicas(options, replicas):
    record = measured("chain:3", *ONE, *options, "--sweeps", "50")
    (row,) = record["rows"]
    assert row["replicas"] == replicas
    assert (row["trotter_error"] > 0) == (replicas is not None)


def test_a_file_is_its_diagonal_part(pair):
    record = measured(pair, *ONE, "--sweeps", "20")
    assert (record["model"], record["format"], record["coupling"]) == (str(pair), "rudy", None)
    lattice = measured("chain:2", "--coupling", "0.5", *ONE, "--sweeps", "20")
    assert lattice["coupling"] == 0.5
    assert record["rows"] == lattice["rows"]


def test_terms_of_many_spins(tmp_path):
    path = tmp_path / "cubic.txt"
    path.write_text("hubo 3 1 spin\n1 0 1 2\n")
    record = measured(path, *ONE, "--sweeps", "20")
    assert (record["num_spins"], record["num_couplings"]) == (3, 1)
    assert record["rows"][0]["exact_from"] == "diagonalisation"
    chip = tmp_path / "chip.toml"
    chip.write_text('name = "mine"\n')
    message = "has terms of 3 spins and a chip takes pairs; leave --hardware out"
    refused(path, *ONE, "--hardware", chip, status=4, message=message)


def test_a_chip(tmp_path):
    chip = tmp_path / "chip.toml"
    chip.write_text('name = "mine"\n')
    options = ("--hardware", chip, "--replicas", "4", "--sweeps", "20")
    record = measured("ring:4", *ONE, *options)
    assert (record["method"], record["chip"]) == ("p-bits", "mine")
    assert record["rows"][0]["replicas"] == 4
    chip.write_text('name = "mine"\n[correction]\ngain = [1.0, 1.0]\noffset = [0.0, 0.0]\n')
    message = "[correction] is of 2 p-bits, this problem needs 16"
    refused("ring:4", *ONE, *options, status=4, message=message)


# --- how rows are told


def test_tables_are_80_columns_wide():
    options = ("--beta", "0.3333333,100", "--sweeps", "9", "--reads", "3", "--seed", "1")
    for extra in ((), ("--replicas", "100000")):
        result = run("square:4", "--gamma", "log:0.0001234:1:2", *options, *extra)
        lines = result.stdout.splitlines()
        assert result.exit_code == 0 and max(map(len, lines)) <= 80
        assert lines[0].split() == "gamma beta R energy/n exact sigma_x m^2 Binder".split()
        assert all(line.lstrip("* ").split()[4] == "-" for line in lines[1:5])
        assert any("autocorrelation times of" in line for line in lines)
        assert "square:4: quantum Ising (lattice), 16 spins, 32 couplings" in result.stderr


def test_csv_and_json_files(tmp_path):
    options = ("ring:4", "--gamma", "1,2", "--beta", "1", "--sweeps", "20")
    record = measured(*options, "--output", tmp_path / "rows.json")
    assert json.loads((tmp_path / "rows.json").read_text()) == record
    printed = run(*options, *BRIEF, "--csv", "--output", tmp_path / "rows.csv").stdout
    assert (tmp_path / "rows.csv").read_text() == printed
    for read, row in zip(csv.DictReader(io.StringIO(printed)), record["rows"], strict=True):
        assert read["replicas"] == "inf" and float(read["m2_error"]) == row["m2_error"]


def test_one_look_has_no_error():
    arguments = ("ring:16", *ONE, "--sweeps", "1", "--reads", "1")
    row = measured(*arguments)["rows"][0]
    assert row["m2_error"] is None and row["autocorrelation_m2"] is None
    assert run(*arguments).exit_code == run(*arguments, "--csv").exit_code == 0


@pytest.mark.parametrize(
    "options",
    [
        ("--gamma", "0.5:1:2", "--beta", "1,2"),
        ("--gamma", "1", "--beta", "log:0.1:1:2", "--coupling", "2"),
    ],
)
def test_pictures(tmp_path, options):
    path = tmp_path / "tfim.png"
    assert run("ring:3", *options, "--sweeps", "20", "--plot", path, *BRIEF).exit_code == 0
    assert path.read_bytes().startswith(b"\x89PNG")


# --- refusals


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (("--beta", "1"), "Missing option '--gamma'"),
        (("--gamma", "1"), "Missing option '--beta'"),
        ((*ONE, "--gamma", "-1"), "--gamma must be finite and >= 0, got -1.0"),
        ((*ONE, "--gamma", "nan"), "--gamma must be finite, got nan"),
        ((*ONE, "--gamma", "one"), "--gamma must be LOW:HIGH:COUNT, log:"),
        ((*ONE, "--gamma", "1:2"), "--gamma: the values must be LOW:HIGH:COUNT"),
        ((*ONE, "--beta", "0:2:3"), "--beta must be finite and > 0, got 0.0"),
        ((*ONE, "--beta", "inf"), "--beta must be finite, got inf"),
        ((*ONE, "--coupling", "nan"), "--coupling must be a finite number, got nan"),
        ((*ONE, "--replicas", "0"), "--replicas must be auto, inf or a whole number from 1 to"),
        ((*ONE, "--replicas", "1.5"), "--replicas must be auto, inf or a whole number from 1 to"),
        ((*ONE, "--trotter-error", "0"), "--trotter-error must be finite and > 0, got 0.0"),
        ((*ONE, "--method", "monte-carlo"), "'monte-carlo' is not one of 'auto', 'worldlines'"),
        ((*ONE, "--sweeps", "0"), "0 is not in the range"),
        ((*ONE, "--sweeps", "5", "--burn-in", "5"), "--burn-in must be < --sweeps = 5, got 5"),
        ((*ONE, "--json", "--csv"), "--json and --csv exclude each other"),
        ((*ONE, "--plot", "a.jpg"), "--plot a.jpg: the name must end in"),
        (
            (*ONE, "--hardware", "missing.toml", "--method", "worldlines"),
            "--method must be p-bits on a chip, got worldlines",
        ),
        (
            (*ONE, "--replicas", "inf", "--method", "p-bits"),
            "--replicas must be finite with p-bits, got inf",
        ),
        (
            ("--gamma", "0,1", "--beta", "1", "--method", "p-bits"),
            "--gamma must be > 0 with p-bits; --method worldlines takes 0",
        ),
        (
            ("--gamma", "0:1:1000", "--beta", "1:2:11"),
            "--gamma and --beta must make at most 10000 rows, got 11000",
        ),
        (
            ("--gamma", "0:1:1000", "--beta", "1:2:10", "--reads", str(2**20)),
            "--reads must be at most 429496 for 10000 rows",
        ),
    ],
)
def test_usage_errors_come_before_the_file_is_read(extra, message):
    refused("missing.txt", *extra, status=2, message=message)


@pytest.mark.parametrize(
    ("where", "extra", "message"),
    [
        ("rong:8", (), "lattice must be chain, ring, square, cubic, triangular, a colon and the"),
        ("rong:8", (), "a file of this name is ./rong:8"),
        ("ring:0", (), "side must be >= 1, got 0"),
        ("cubic:1000", (), "side must leave at most 4194304 sites, got 1000"),
        ("ring:8", ("--problem", "ising"), "--problem is of files, and ring:8 is a lattice"),
        ("ring:8", ("--beta", "1e9"), "--gamma must be <= 65536 / beta, got beta gamma = 10000"),
        ("ring:8", ("--beta", "1e9", "--method", "p-bits"), "--trotter-error must need at most"),
    ],
)
def test_lattices_that_are_refused(where, extra, message):
    refused(where, *BRIEF, *ONE, *extra, status=2, message=message)


def test_weights_that_slices_do_not_take(tmp_path):
    path = tmp_path / "odd.txt"
    path.write_text("3 2\n1 2 0.123456789\n2 3 1\n")
    message = "--method slices: model must have weights that are small whole multiples of one unit"
    refused(path, *ONE, "--method", "slices", status=2, message=message)


def test_files_that_are_refused(pair):
    refused("missing.txt", *ONE, status=4, message="No such file")
    refused(pair, *ONE, "--coupling", "1", status=2, message="--coupling is of lattices")
    refused(pair, *ONE, "--output", pair, status=2, message="name the same file")


@pytest.mark.parametrize(
    ("where", "extra", "message"),
    [
        ("square:200", ("--gamma", "1", "--beta", "60000"), "as worldlines: 40000 spins and"),
        ("ring:1000", (*ONE, "--method", "p-bits", "--replicas", 10**6), "in 1000000 slices: 10"),
        (
            "ring:1000",
            (*ONE, "--method", "p-bits", "--replicas", 100, "--sweeps", 10**7),
            "lower --sweeps, --reads or --replicas, or use --method worldlines",
        ),
    ],
)
def test_more_than_memory_holds(where, extra, message):
    refused(where, *BRIEF, *extra, status=5, message=message)


def test_chains_and_rings_of_any_length_are_known():
    arguments = (*ONE, "--sweeps", "2", "--reads", "2")
    for where in ("ring:100", "chain:100"):
        (row,) = measured(where, *arguments)["rows"]
        assert row["exact_from"] == "free fermions"
    assert measured("square:4", *arguments)["rows"][0]["exact_energy_per_spin"] is None


def test_it_is_listed():
    assert "tfim " in CliRunner().invoke(cli, ["--help"]).stdout


# --- Ctrl-C


@posix
def test_rows_that_were_done_are_kept(tmp_path):
    path = tmp_path / "rows.json"
    options = ("--gamma", "1:2:1000", "--beta", "1", "--sweeps", "2000", "--json", "--seed", "1")
    process = Started("tfim", "ring:8", *options, "--output", path)
    process.wait_for("shown", enough=lambda fraction: fraction > 1 / 1000)
    stdout, _ = process.press()
    assert process.returncode == 130
    record = json.loads(stdout)
    assert json.loads(path.read_text()) == record
    assert record["interrupted"] is True and 1 <= len(record["rows"]) < 1000


@posix
@pytest.mark.parametrize("method", ["worldlines", "p-bits"])
def test_an_interrupt_before_the_first_row_leaves_files_alone(tmp_path, method):
    path = tmp_path / "rows.json"
    path.write_text("before")
    endless = ("ring:8", *ONE, "--sweeps", 10**6, "--burn-in", 10**6 - 1, "--reads", 2**14)
    process = Started("tfim", *endless, "--output", path, "--replicas", 8, "--method", method)
    process.wait_for("begun")
    stdout, stderr = process.press()
    assert (process.returncode, stdout) == (130, "")
    assert stderr.endswith("interrupted\n")
    assert path.read_text() == "before"
