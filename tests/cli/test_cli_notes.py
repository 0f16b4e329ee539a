"""What readers note is in every JSON record, and on stderr unless the command is to be quiet."""

import json

import pytest
from click.testing import CliRunner

from pbit.cli.main import cli

NOTE = "1 entry repeats what is listed before; the weights were added up"
RUNS = {
    "solve": ("solve", "FILE", "--problem", "maxcut", "--json"),
    "sweep": ("sweep", "FILE", "--vary", "lut_bits=3", "--reads", "4", "--sweeps", "4", "--json"),
    "verify": ("verify", "FILE", "--reads", "400", "--json"),
    "compile": ("compile", "FILE", "--problem", "maxcut", "--json"),
    "tts": (
        "tts", "FILE", "--problem", "maxcut", "--target", "1", "--solvers", "pbit", "--json",
        "--reads", "16", "--sweeps", "1,2", "--runs", "2",
    ),
}  # fmt: skip


@pytest.fixture
def repeats(tmp_path):
    path = tmp_path / "a.mc"
    path.write_text("3 3\n1 2 1\n2 1 1\n1 3 1\n")
    return path


def run(command, path, *more):
    words = [str(path) if word == "FILE" else word for word in RUNS[command]]
    return CliRunner().invoke(cli, [*words, *more])


@pytest.mark.parametrize("command", RUNS)
def test_notes_are_in_the_record_and_on_stderr(repeats, command):
    done = run(command, repeats)
    record = json.loads(done.stdout)
    assert (record["files"][0] if command == "tts" else record)["notes"] == [NOTE], done.output
    assert f"note: {NOTE}\n" in done.stderr
    quiet = run(command, repeats, "--quiet")
    assert quiet.stderr == ""
    assert json.loads(quiet.stdout).keys() == record.keys()


def test_notes_are_in_the_file_that_is_written(repeats, tmp_path):
    path = tmp_path / "out.json"
    done = CliRunner().invoke(
        cli, ["solve", str(repeats), "--problem", "maxcut", "--quiet", "--output", str(path)]
    )
    assert done.stderr == ""
    assert json.loads(path.read_text())["notes"] == [NOTE]


def test_notes_name_options_of_the_command_line(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("0,1,2\n1,0,3\n2,3,0\n")
    record = json.loads(
        CliRunner().invoke(cli, ["solve", str(path), "--problem", "ising", "--json"]).stdout
    )
    assert record["notes"][1].endswith("edges 'i j weight' are read with --format edge-list")
    told = CliRunner().invoke(cli, ["info", str(path)]).stdout
    assert "--format edge-list" in told and "format=" not in told
