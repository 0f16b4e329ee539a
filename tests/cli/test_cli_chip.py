"""pbit chip: the template, what a chip's file is told to be, and how it is refused."""

import pytest
from click.testing import CliRunner

from pbit.cli.main import cli
from pbit.hardware.files.template import write_chip
from pbit.hardware.parameters import Hardware

CHIP = """\
name = "two-ns"
seed = 4
tau = "2 ns"
delay = "0.1 tau"
tick = "20 ps"
clock = "ticks"
weight_bits = 8
transfer = [[-3, -1], [3, 1]]

[prices]
update = "7 fJ"
source = "a guess"

[correction]
gain = [1.0, 2.0]
offset = [0.0, 0.0]
"""


def run(*arguments):
    result = CliRunner().invoke(cli, ["chip", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def chip(tmp_path):
    path = tmp_path / "chip.toml"
    path.write_text(CHIP)
    return path


def test_without_a_file_the_template(tmp_path):
    result = run()
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == write_chip(Hardware())
    path = tmp_path / "ideal.toml"
    path.write_text(result.stdout)
    told = run(path).stdout
    assert "\nas the ideal chip\n" in told and told.endswith("law          Boltzmann\n")


def test_what_differs_from_the_ideal_chip_and_the_law(chip):
    result = run(chip)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0].startswith("chip         two-ns, seed 4, from ")
    rows = {line.split()[0]: " ".join(line.split()[1:]) for line in lines}
    expected = {
        "clock": "ticks poisson",
        "tau_s": "2 ns 1 ns",
        "tick_s": "20 ps (0.01 tau) none",
        "delay_s": "200 ps (0.1 tau) 0",
        "weight_bits": "8 none",
        "transfer": "measured, 2 points tanh",
        "correction": "of 2 p-bits none",
        "law": "not Boltzmann:",
    }
    assert {key: rows[key] for key in expected} == expected
    assert "update 7 fJ, read 0 J, write 0 J (a guess)" in result.stdout
    assert "- synapses late by 0.1 tau" in result.stdout
    assert "gain " not in result.stdout.replace("correction", "")
    assert max(map(len, lines[1:])) <= 80


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("dealy = 3", ":1: unknown key 'dealy'; did you mean 'delay'?"),
        ("\ngain = -1", ":2: gain must be a number > 0 and <= 1000, got -1"),
        ('clock = "chromatic"\ntau_spread = 0.1', "tau_spread must be 0 with clock 'chromatic'"),
        ("gain", ":1: not TOML: "),
    ],
)
def test_files_are_refused(tmp_path, text, message):
    path = tmp_path / "chip.toml"
    path.write_text(text)
    result = run(path)
    assert (result.exit_code, result.stdout) == (4, "")
    assert str(path) in result.stderr and message in result.stderr


def test_paths_that_are_no_files(tmp_path):
    for path, message in ((tmp_path / "no", "No such file"), (tmp_path, "Is a directory")):
        result = run(path)
        assert (result.exit_code, result.stdout) == (4, "")
        assert f"{path}: {message}" in result.stderr


def test_it_is_listed():
    assert "chip " in CliRunner().invoke(cli, ["--help"]).stdout
