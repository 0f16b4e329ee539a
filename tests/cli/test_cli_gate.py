"""The gate command: what it prints and writes, and how it ends."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner

from pbit import exact, formats
from pbit.cli.gate import gate
from pbit.problems.core.reading import problem_of
from pbit.problems.logic.gates.library import GATES
from processes import Started


def run(*arguments: str):
    return CliRunner().invoke(gate, list(arguments))


AND = """\
gate           a & b
pins           a b > Y  (inputs > outputs)
p-bits         3, none of them auxiliary
ground energy  -3
gap            4, the largest with so many p-bits and |J| and |h| up to 2
check          4 rows are the ground states among 8 states
P(valid)       0.9073 at beta 0.5, 0.9864 at beta 1, 0.9997 at beta 2
h                      1  a
                       1  b
                      -2  Y
J                     -1  a b
                       2  a Y
                       2  b Y
rows           a b > Y
               0 0 > 0
               0 1 > 0
               1 0 > 0
               1 1 > 1
"""


def test_an_expression():
    result = run("a & b")
    assert (result.exit_code, result.stdout, result.stderr) == (0, AND, "")


def test_auxiliaries_and_limits():
    result = run("a ^ b", "--max-weight", "1", "--integer")
    assert result.exit_code == 0
    assert "pins           a b > Y > X1 X2  (inputs > outputs > auxiliary)" in result.stdout
    assert "p-bits         5, 2 of them auxiliary" in result.stdout
    assert "gap            2, the largest" in result.stdout and "whole" in result.stdout
    result = run("mux(s, a, b)", "--auxiliaries", "2", "--max-bias", "2")
    assert "gap            4, the largest" in result.stdout
    assert "|J| up to 2 and" in result.stdout
    assert "gap            4" in run("mux(s, a, b)", "--min-gap", "4").stdout


def test_native():
    result = run("mux(s, a, b)", "--native")
    assert result.exit_code == 0
    assert "p-bits         4, none of them auxiliary\n" in result.stdout
    assert "gap            4\n" in result.stdout
    assert "products              -1  s a Y\n                       1  s b Y\n" in result.stdout


def test_library():
    result = run("--list")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 1 + len(GATES)
    assert "full_adder                5    2       2  A B C > S Co" in result.stdout
    for line in result.stdout.splitlines()[1:]:
        name, p_bits, gap, weights = line.split()[:4]
        record = json.loads(run("--name", name, "--json").stdout)
        assert record["rows_are_ground_states"] is True
        assert (len(record["pins"]), record["gap"]) == (int(p_bits), float(gap))
        largest = max(map(abs, [*record["h"].values(), *(w for *_, w in record["J"])]))
        assert largest == float(weights)
    assert "gap            4\n" in run("--name", "mux").stdout
    assert "products" in run("--name", "full_adder", "--native").stdout


def test_json():
    record = json.loads(run("s = a ^ b; c = a & b", "--json").stdout)
    assert record["pins"] == ["a", "b", "s", "c"]
    assert (record["inputs"], record["outputs"]) == (["a", "b"], ["s", "c"])
    assert (record["gap"], record["gap_bound"], record["ground_energy"]) == (2, 2, -4)
    assert record["rows"] == [[0, 0, 0, 0], [0, 1, 1, 0], [1, 0, 1, 0], [1, 1, 0, 1]]
    assert record["probability_valid"]["1"] == pytest.approx(0.808, abs=6e-4)
    assert set(record["versions"]) == {"python", "pbit", "numpy", "numba"}
    record = json.loads(run("a ^ b", "--auxiliaries", "0", "--json").stdout)
    assert record["gate"] is None and "no gate without auxiliary p-bits" in record["reason"]


@pytest.mark.parametrize(
    ("arguments", "file"),
    [
        (("a ^ b",), "xor.json"),
        (("a ^ b",), "xor.coo"),
        (("a ^ b", "--native"), "xor.json"),
        (("--name", "full_adder"), "adder.coo"),
    ],
)
def test_output_is_the_model(arguments, file, tmp_path):
    path = tmp_path / file
    record = json.loads(run(*arguments, "--json", "--output", str(path)).stdout)
    assert [each.name for each in tmp_path.iterdir()] == [file]
    model = problem_of(formats.read(path)).model
    energy, states = exact.exact_ground_states(model)
    assert energy == record["ground_energy"]
    assert sorted(((states + 1) // 2).tolist()) == record["rows"]
    energies = np.unique(exact.exact_energies(model))
    assert energies[1] - energies[0] == record["gap"]
    if file.endswith("json"):
        assert list(model.labels) == record["pins"]


def test_output_is_named(tmp_path):
    path = tmp_path / "and.json"
    assert run("a & b", "--output", str(path)).stdout == AND + f"output         {path}\n"


LONG = "a_signal_of_a_rather_long_name[12] & another_signal_of_a_rather_long_name[3]"


@pytest.mark.parametrize(
    "text", [LONG, "a & b & c & d", "(a | b) ^ c", "x[0] == x[1]", "1", "a | ~a"]
)
def test_lines_fit_the_terminal(text):
    result = run(text)
    assert result.exit_code == 0
    assert max(map(len, result.stdout.splitlines())) <= 80


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "give one expression, such as"),
        (("a", "--name", "and"), "give one expression, such as"),
        (("a &",), "not a Boolean expression at character 4: expected a name, 0, 1, '~' or '('"),
        (("a = b; c = a",), "output 'a' is an input, too"),
        (("--name", "nothing"), "--name nothing: there is no such gate; see pbit gate --list"),
        (("--name", "and", "--integer"), "--integer is for a gate that is searched for"),
        (("a ^ b", "--native", "--max-weight", "3"), "--max-weight is for a gate that is searched"),
        (("a ^ b", "--max-weight", "0"), "--max-weight must be > 0 and finite, got 0.0"),
        (("a ^ b", "--max-bias", "nan"), "--max-bias must be >= 0 and finite, got nan"),
        (("a ^ b", "--min-gap", "-1"), "--min-gap must be >= 0 and finite, got -1.0"),
        (("a ^ b", "--time-limit", "0"), "--time-limit must be > 0 and finite, got 0.0"),
        (("a ^ b", "--auxiliaries", "5"), "5 is not in the range 0<=x<=4"),
        (("a", "--output", "gate.txt"), "--output gate.txt: the name must end in .json or .coo"),
        (("a", "--output", "/nowhere/x.json"), "cannot be written"),
        (("a ^ b", "--native", "--output", "x.coo"), ".coo holds pairs of spins, and this model"),
        (
            ("and(a, b, c, d, e, f, g, h, i, j, k)", "--auxiliaries", "1"),
            "a gate must have at most 12 pins, got 12 and 1 auxiliary ones",
        ),
    ],
)
def test_usage_errors(arguments, message):
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr.replace("\n", " ") or message in result.stderr


def test_none_found():
    result = run("a ^ b", "--auxiliaries", "0")
    assert (result.exit_code, result.stderr) == (3, "")
    assert result.stdout.startswith("no gate without auxiliary p-bits has these rows")
    result = run("maj(a, b, c, d, e)", "--time-limit", "1e-6")
    assert result.exit_code == 3
    assert "was found in time; raise --time-limit" in result.stdout


def test_too_large():
    result = run("and(a, b, c, d, e, f, g, h, i, j, k, l)")
    assert (result.exit_code, result.stdout) == (5, "")
    assert "12 variables and 1 outputs, the limit is 12 together" in result.stderr


def test_ctrl_c(tmp_path):
    process = Started("gate", "xor(a, b, c, d, e, f)", "--auxiliaries", 4, "--json")
    process.wait_for("shown")
    stdout, _ = process.press()
    assert process.returncode == 130
    assert json.loads(stdout)["gate"] in (None, "xor(a, b, c, d, e, f)")


def test_importing_the_command_loads_nothing_heavy():
    code = "import sys, pbit.cli.gate; print(*sys.modules)"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment
    )
    loaded = set(done.stdout.split())
    assert "pbit.cli.gate" in loaded
    assert not loaded & {"numpy", "numba", "scipy", "rich", "dimod", "pbit.problems"}
