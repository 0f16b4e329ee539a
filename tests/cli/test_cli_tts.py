"""pbit tts: what it prints, writes and draws, what it refuses, and how it ends."""

import json
from itertools import product

import pytest
from click.testing import CliRunner

from cases import some
from pbit.cli.main import cli
from pbit.cli.running import Bar, Interrupt
from pbit.solvers.registry import solver_names

RING = "4 4\n1 2 1\n2 3 1\n3 4 1\n4 1 1\n"
TRIANGLE = "3 3\n1 2 1\n2 3 1\n3 1 1\n"
QUICK = ("--sweeps", "5,20", "--reads", "64", "--seed", "1")


def run(*arguments, stdin=None):
    result = CliRunner().invoke(cli, ["tts", *map(str, arguments)], input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def files(tmp_path):
    """A ring and a triangle, and the table of their best cuts."""
    (tmp_path / "ring.mc").write_text(RING)
    (tmp_path / "triangle.txt").write_text(TRIANGLE)
    (tmp_path / "best.csv").write_text("instance,n,best_known_cut\nring,4,4\ntriangle,3,2\n")
    return tmp_path


def both(files):
    return [files / "ring.mc", files / "triangle.txt", "--problem", "maxcut",
            "--targets", files / "best.csv", *QUICK]  # fmt: skip


# --- the answer


def test_table_within_80_columns(files):
    result = run(*both(files))
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("solver") and lines[1].startswith("pbit           2/2")
    assert any(line.startswith("neal at each number of sweeps") for line in lines)
    rows = [line for line in lines if line.startswith(("ring", "triangle"))]
    assert [row.split()[:3] for row in rows] == [["ring", "4", "pbit"], ["triangle", "2", "pbit"]]
    assert "2 files, 3 to 4 variables; solvers pbit, neal" in result.stderr


def test_members_of_an_archive_are_told_apart(tmp_path):
    table = tmp_path / "number_partitionings.csv"
    table.write_text("id,n,optimum,x,numbers\n17,4,0,0,1 2 3 4\n18,4,0,0,5 1 3 1\n")
    result = run(f"{table}#17", f"{table}#18", "--target", 0, *QUICK, "--solvers", "pbit")
    assert result.exit_code == 0, result.output
    rows = [line.split()[:3] for line in result.stdout.splitlines()]
    assert ["17", "0", "pbit"] in rows and ["18", "0", "pbit"] in rows


def test_record_has_everything(files):
    result = run(*both(files), "--json", "--quiet", "--output", files / "out.json")
    assert result.exit_code == 0 and result.stderr == ""
    record = json.loads(result.stdout)
    assert record == json.loads((files / "out.json").read_text())
    assert record["stop_reason"] == "completed" and record["seed"] == 1
    assert [each["target"] for each in record["files"]] == [4.0, 2.0]
    pbit = record["solvers"]["pbit"]
    assert [each["best_objective"] for each in pbit["instances"]] == [4.0, 2.0]
    assert [each["target"] for each in pbit["instances"]] == [-4.0, -1.0]  # energies
    assert [length["num_sweeps"] for length in pbit["lengths"]] == [5, 20]
    assert 0 < pbit["tts"]["low"] <= pbit["tts"]["value"] <= pbit["tts"]["high"]


def test_a_target_out_of_reach_is_told(files):
    result = run(files / "ring.mc", "--problem", "maxcut", "--target", 5, *QUICK)
    assert result.exit_code == 3
    assert "pbit           0/1       never  > " in result.stdout
    record = json.loads(
        run(files / "ring.mc", "--problem", "maxcut", "--target", 5, *QUICK, "--json").stdout
    )
    assert record["solvers"]["pbit"]["tts"]["value"] is None


def test_a_target_that_is_beaten_is_told(files):
    result = run(files / "ring.mc", "--problem", "maxcut", "--target", 2, *QUICK)
    assert result.exit_code == 0 and "better than the target: ring" in result.stdout


def test_runs_until_the_target(files):
    result = run(files / "ring.mc", "--problem", "maxcut", "--target", 4, "--measure", "first-hit",
                 "--runs", 3, "--solvers", "pbit", "--seed", 1)  # fmt: skip
    assert result.exit_code == 0 and "first-hit" in result.stdout and "3/3" in result.stdout


def test_ising_from_standard_input_with_our_sign():
    result = run("-", "--problem", "ising", "--target", -4, *QUICK, stdin=RING)
    assert result.exit_code == 0 and "pbit           1/1" in result.stdout


@pytest.mark.parametrize("name", solver_names())
def test_every_solver_there_is(files, name):
    result = run(files / "ring.mc", "--problem", "maxcut", "--target", 4, "--solvers", name,
                 "--sweeps", 20, "--reads", 64, "--runs", 2, "--seed", 1)  # fmt: skip
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("kind", "count"),
    some(product(("reads", "first-hit"), (1, 2)), ("reads", 2), ("first-hit", 1)),
)
def test_pictures(files, kind, count):
    pytest.importorskip("matplotlib")
    names = [files / "ring.mc", files / "triangle.txt"][:count]
    path = files / "tts.png"
    result = run(*names, "--problem", "maxcut", "--targets", files / "best.csv", *QUICK,
                 "--measure", kind, "--runs", 2, "--plot", path)  # fmt: skip
    assert result.exit_code == 0, result.output
    assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("kind", some(["reads", "first-hit"], "reads"))
def test_picture_without_anything_solved(files, kind):
    pytest.importorskip("matplotlib")
    path = files / "tts.svg"
    result = run(files / "ring.mc", "--problem", "maxcut", "--target", 5, *QUICK, "--plot", path,
                 "--measure", kind, "--runs", 2, "--time-limit", 0.05)  # fmt: skip
    assert result.exit_code == 3 and path.stat().st_size > 1000


def test_names_with_endings_and_signs(files):
    (files / "g05_60.0").write_text(RING)
    (files / "best.csv").write_text("family,instance,best_known_or_optimal\nx,g05_60.0,4\n")
    result = run(files / "g05_60.0", "--problem", "maxcut", "--targets", files / "best.csv", *QUICK)
    assert result.exit_code == 0, result.output


def test_files_of_the_same_name(files):
    (files / "sub").mkdir()
    (files / "sub" / "ring.mc").write_text(RING)
    result = run(files / "ring.mc", files / "sub" / "ring.mc", "--problem", "maxcut",
                 "--target", 4, *QUICK)  # fmt: skip
    assert result.exit_code == 0 and "2/2" in result.stdout


def test_interrupt_gives_what_was_measured(files, monkeypatch):
    """A run without end is told to stop once it has something to tell."""
    shown = []
    monkeypatch.setattr(Bar, "show", lambda self, *_: (shown.append(1), vars(self).update(
        has_shown=True)))  # fmt: skip
    monkeypatch.setattr(Interrupt, "__call__", lambda self: len(shown) > 1)
    out = files / "out.json"
    result = run(files / "ring.mc", "--problem", "maxcut", "--target", 4, "--solvers", "pbit",
                 "--sweeps", "1,10", "--reads", 10**9, "--output", out)  # fmt: skip
    assert result.exit_code == 130, result.output
    assert "interrupted: what was measured until then" in result.stdout
    assert json.loads(out.read_text())["stop_reason"] == "interrupted"


def test_interrupt_before_anything_was_measured(files, monkeypatch):
    monkeypatch.setattr(Interrupt, "__call__", lambda self: True)
    out = files / "out.json"
    result = run(files / "ring.mc", "--problem", "maxcut", "--target", 4, "--output", out)
    assert (result.exit_code, result.stdout) == (1, "")  # 130 where main() ends the process
    assert not out.exists()


def test_terms_of_three_spins_are_refused_for_neal(files):
    (files / "cubic.hubo").write_text("hubo 3 1 spin\n1.0 0 1 2\n")
    result = run(files / "cubic.hubo", "--target", -1, *QUICK)
    assert result.exit_code == 4 and "--solvers neal takes at most 2" in result.stderr
    result = run(files / "cubic.hubo", "--target", -1, *QUICK, "--solvers", "pbit")
    assert result.exit_code == 0


# --- refusals


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        ([], 2, "give one of --target and --targets"),
        (["--target", "4", "--targets", "best.csv"], 2, "give one of --target and --targets"),
        (["--target", "inf"], 2, "--target must be a finite number"),
        (["--target", "4", "--target-column", "n"], 2, "--target-column needs --targets"),
        (["--targets", "best.csv", "--target-column", "m"], 2, "got m"),
        (["--targets", "no.csv"], 4, "no.csv: No such file"),
        (["--targets", "odd.csv"], 2, "--target-column must name the column"),
        (["--targets", "empty.csv"], 4, "no rows under a line of column names"),
        (["--targets", "words.csv"], 4, "must be a finite number, got 'many'"),
        (["--targets", "other.csv"], 4, "has no instance ring.mc or ring"),
        (["--targets", "binary.csv"], 4, "not a CSV table"),
        (["--target", "4", "--solvers", "nael"], 2, f"among {', '.join(solver_names())}, got nael"),
        (["--target", "4", "--solvers", ","], 2, "got none"),
        (["--target", "4", "--sweeps", "1,x"], 2, "--sweeps must be whole numbers"),
        (["--target", "4", "--sweeps", "0"], 2, "--sweeps must be whole numbers"),
        (["--target", "4", "--sweeps", "9" * 15], 5, "lower --sweeps"),
        (["--target", "4", "--budget", "0"], 2, "--budget must be finite and > 0"),
        (["--target", "4", "--time-limit", "nan"], 2, "--time-limit must be finite and > 0"),
        (["--target", "4", "--probability", "1"], 2, "--probability must be between 0 and 1"),
        (["--target", "4", "--confidence", "0"], 2, "--confidence must be between 0 and 1"),
        (["--target", "4", "--plot", "x.txt"], 2, "must end in .png"),
        (["--target", "4", "--output", "ring.mc"], 2, "name the same file"),
        (["--target", "4", "ring.mc"], 2, "every FILE must be given once"),
        (["--target", "4", "-", "-"], 2, "standard input (-) can be one FILE only"),
        (["--target", "4", "--runs", "1"], 2, "--runs"),
        (["--target", "4", "--clock", "sampling", "--reads", "0"], 2, "--reads"),
    ],
)
def test_refusals(files, monkeypatch, arguments, status, message):
    (files / "odd.csv").write_text("a,b\nring,4\n")
    (files / "empty.csv").write_text("instance,target\n")
    (files / "words.csv").write_text("instance,target\nring,many\n")
    (files / "other.csv").write_text("instance,target\ndisc,1\n")
    (files / "binary.csv").write_bytes(b"\xff\xfe\x00\x81\n\x9d")
    monkeypatch.chdir(files)
    result = run("ring.mc", "--problem", "maxcut", *arguments)
    assert (result.exit_code, result.stdout) == (status, ""), result.output
    assert message in result.stderr and "Traceback" not in result.stderr
