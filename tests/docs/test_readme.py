"""README, docs/python.md and docs/command_line.md: their examples print what they say."""

import re
import shlex

import click
import numpy as np
import pytest
from click.testing import CliRunner

import readme_figure
import readme_numbers
from pages import ROOT, blocks, commands, python_examples, untimed
from pbit.cli.main import cli

README = ROOT / "README.md"
COMMAND_LINE = ROOT / "docs" / "command_line.md"


def test_readme_is_short():
    assert len(README.read_text(encoding="utf-8").splitlines()) <= 110


@pytest.mark.parametrize(("page", "least"), [("README.md", 5), ("docs/python.md", 30)])
def test_python_examples(page, least):
    assert python_examples(ROOT / page) > least


@pytest.mark.parametrize("command", commands(README), ids=lambda c: c.text)
def test_readme_commands_print_what_it_says(command):
    result = command.run()
    assert result.exit_code == 0, result.output
    assert untimed(result.stdout.splitlines()) == untimed(command.lines)


def test_first_command_factors():
    (number,) = re.findall(r"^    pbit factor (\d+)", README.read_text(encoding="utf-8"), re.M)
    result = CliRunner().invoke(cli, ["factor", number, "--seed", "1", "--quiet"])
    product, factors = result.stdout.split(" = ")
    x, y = map(int, factors.split(" x "))
    assert int(product) == x * y == int(number) and 1 < x < x * y


def test_command_line_prints_what_the_page_says(tmp_path, monkeypatch, data):
    monkeypatch.chdir(tmp_path)
    graph = str(data / "gset" / "G1.txt.gz")
    for command in commands(COMMAND_LINE):
        result = command.run(**{"G1.txt.gz": graph})
        assert result.exit_code == 0, result.output
        printed = result.stdout.replace(graph, "G1.txt.gz").splitlines()
        assert untimed(printed) == untimed(command.lines)


def test_readme_counts_reads_of_g1_as_the_page_does():
    (said,) = re.findall(r"found by (\d+ of \d+ reads)", README.read_text(encoding="utf-8"))
    assert f"found by     {said}" in COMMAND_LINE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "line",
    [
        line
        for block in blocks(COMMAND_LINE.read_text(encoding="utf-8"), "sh")
        for line in block.splitlines()
    ],
)
def test_commands_have_the_options_that_the_page_gives_them(line):
    pbit, *words = shlex.split(line, comments=True)
    command = cli
    context = click.Context(cli)
    while isinstance(command, click.Group):
        command = command.get_command(context, words.pop(0))
        assert command is not None, line
    assert pbit == "pbit"
    command.make_parser(click.Context(command)).parse_args(words)


def test_times_have_their_places_in_the_readme():
    text = README.read_text(encoding="utf-8")
    names = [f"{when}-{what}" for when in ("first", "later") for what in ("factor", "python")]
    written = readme_numbers.replaced(text, dict.fromkeys(names, "77.7 s"))
    assert written.count("77.7 s") == len(names)
    assert written.replace("77.7 s", "") == re.sub(r"(?<=-->)[\d.]+ s(?=<!--)", "", text)


def test_a_time_without_its_place_is_refused():
    with pytest.raises(ValueError, match="'first-factor' must have one pair of markers, found 0"):
        readme_numbers.replaced("no markers", {"first-factor": "1.0 s"})


def test_examples_of_a_page_as_a_script():
    assert readme_numbers.python_examples(">>> x = 1\n>>> x\n1\n") == "x = 1\nx\n"


def test_picture_is_there_and_small():
    assert 10_000 < (ROOT / "docs" / "figures" / "readme.png").stat().st_size < 150_000


def test_picture_shows_the_law_of_a_gate_rows_of_its_table_first(tmp_path):
    names, counted, exact = readme_figure.visits(1, 10_000)
    assert set(names[:4]) == {"000", "010", "100", "111"}
    assert np.abs(counted - exact).max() < 0.03 < np.abs(counted - exact[::-1]).max()
    rows = [readme_figure.Point(name, 10, 0.1, 0.01) for name in ("neal", "p-bits", "tempering")]
    readme_figure.draw((names, counted, exact), rows, tmp_path / "picture.png")
    assert (tmp_path / "picture.png").stat().st_size > 10_000
