"""The factor command: what goes to stdout, to stderr and to files, and how it ends."""

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

import pbit
from pbit.cli.factor import MAX_BITS, factor
from processes import PRESSES, Started

HARD = str(3643219747 * 3905417839)  # 64 bits


def run(*arguments: str):
    return CliRunner().invoke(factor, list(arguments))


def test_answer_on_stdout_and_header_on_stderr():
    result = run("161", "--seed", "1")
    assert (result.exit_code, result.stdout) == (0, "161 = 7 x 23\n")
    assert f"pbit {pbit.__version__}, " in result.stderr
    assert result.stderr.endswith(", seed 1, cost, 4 p-bits\n")
    assert result.stderr.count("\n") == 1


def test_quiet_prints_the_answer_only():
    result = run("161", "--seed", "1", "--quiet", "--threads", "1")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "161 = 7 x 23\n", "")


@pytest.mark.parametrize("text", ["64507", " 064507 ", "+64507"])
def test_numbers_may_be_written_with_signs_and_blanks(text):
    result = run(text, "--seed", "3", "--quiet")
    assert (result.exit_code, result.stdout) == (0, "64507 = 251 x 257\n")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("1", "1 has no factors: nothing to factor"),
        ("2", "2 is prime: nothing to factor"),
        ("3", "3 is prime: nothing to factor"),
        ("97", "97 is prime: nothing to factor"),
        (str(2**61 - 1), "2305843009213693951 is prime: nothing to factor"),
    ],
)
def test_nothing_to_factor(text, answer):
    result = run(text)
    assert (result.exit_code, result.stdout, result.stderr) == (3, answer + "\n", "")


@pytest.mark.parametrize("n", [4, 64, 2 * 3**500])
def test_even_numbers_need_no_pbits(n):
    result = run(str(n))
    assert (result.exit_code, result.stdout) == (0, f"{n} = 2 x {n // 2}\n")
    assert "is even: parity gives the factor 2, no p-bits were needed" in result.stderr
    assert json.loads(run(str(n), "--json").stdout)["p_bits"] == 0


@pytest.mark.parametrize("text", ["abc", "0", "000", "-5", "3.5", "-3.5", "1e6", "", "1_000", "٣"])
def test_what_is_no_number_is_refused(text):
    result = run(text)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"N must be an integer >= 1 in decimal digits, got {text!r}" in result.stderr


def test_long_nonsense_is_shown_in_part():
    assert f"got '{'x' * 40}...'" in run("x" * 5000).stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("15", "--time-limit", "0"), "--time-limit must be > 0 seconds, got 0.0"),
        (("15", "--time-limit", "nan"), "--time-limit must be > 0 seconds, got nan"),
        (("15", "--seed", "-1"), "-1 is not in the range"),
        (("15", "--threads", "0"), "0 is not in the range 1<=x<=1024"),
        (("15", "--output", "/nowhere/at/all.json"), "name a file in a folder that you"),
        ((), "Missing argument 'N'"),
    ],
)
def test_options_out_of_range_are_refused(arguments, message):
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


@pytest.mark.parametrize(
    ("text", "size"),
    [
        (str((2**31 - 1) * (2**61 - 1)), "92 bits"),
        (str(3**200), "317 bits"),
        ("7" * 5000, "5000 digits"),
    ],
)
def test_too_large_a_number_is_refused(text, size):
    result = run(text)
    assert (result.exit_code, result.stdout) == (5, "")
    assert f"N has {size}, the limit is {MAX_BITS} bits" in result.stderr
    assert "Divide known factors out first" in result.stderr


def test_time_limit(hasty):
    result = run(HARD, "--time-limit", "0.1", "--seed", "1")
    assert result.exit_code == 3
    assert result.stdout == f"no factors of {HARD} found in 0.1 s\n"


def test_json_and_output_file(tmp_path):
    path = tmp_path / "result.json"
    result = run("15", "--json", "--seed", "4", "--output", str(path))
    record = json.loads(result.stdout)
    assert json.loads(path.read_text()) == record
    assert [file.name for file in tmp_path.iterdir()] == ["result.json"]
    assert record["factors"] == [3, 5] and record["reason"] == "found"
    assert (record["n"], record["seed"]) == (15, 4)
    assert record["p_bits"] > 0 and record["sweeps"] > 0 and record["seconds"] > 0
    assert set(record["versions"]) == {"python", "pbit", "numpy", "numba"}


def test_a_file_that_fails_after_the_search_does_not_hide_the_answer(tmp_path, monkeypatch):
    def fail(*names):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    result = run("15", "--seed", "4", "--output", str(tmp_path / "out.json"))
    assert (result.exit_code, result.stdout) == (1, "15 = 3 x 5\n")
    assert "No space left on device" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_name_too_long_is_refused_before_the_search(tmp_path):
    result = run("15", "--output", str(tmp_path / ("x" * 300)))
    assert (result.exit_code, result.stdout) == (2, "")


def test_same_seed_same_answer():
    first, second = (json.loads(run("55973", "--seed", "5", "--json").stdout) for _ in range(2))
    assert first | {"seconds": 0} == second | {"seconds": 0}


@pytest.mark.parametrize("press", PRESSES)
def test_ctrl_c_during_the_search(tmp_path, press):
    run("161", "--seed", "1")  # kernels are compiled
    path = tmp_path / "out.json"
    process = Started("factor", HARD, "--seed", "1", "--output", path)
    assert process.stderr is not None
    assert process.stderr.readline().endswith(", seed 1, cost, 60 p-bits\n")
    process.wait_for("shown")
    stdout, _ = press(process)
    assert (process.returncode, stdout) == (130, "interrupted\n")
    record = json.loads(path.read_text())
    assert (record["factors"], record["reason"]) == (None, "interrupted")


def test_importing_the_command_loads_nothing_heavy():
    code = "import sys, pbit.cli.factor; print(*sys.modules)"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment
    )
    loaded = set(done.stdout.split())
    assert "pbit.cli.factor" in loaded
    assert not loaded & {"numpy", "numba", "scipy", "rich", "dimod", "pbit.problems"}
