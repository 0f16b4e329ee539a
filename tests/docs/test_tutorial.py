"""The tutorial's commands run, in its order, and print what it says."""

import doctest
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from pbit.cli.main import cli

PAGE = Path(__file__).parents[2] / "docs" / "tutorial_junction.md"
TEXT = PAGE.read_text(encoding="utf-8")
FILES = {"dwell.csv": "csv", "and.coo": "text"}


def commands():
    """(command, lines it must print) of every console block."""
    for block in re.findall(r"```console\n(.*?)```", TEXT, re.S):
        command, *lines = block.splitlines()
        assert command.startswith("$ pbit ")
        yield command.removeprefix("$ pbit "), lines


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What the reader has saved."""
    folder = tmp_path_factory.mktemp("tutorial")
    for name, kind in FILES.items():
        (content,) = re.findall(rf"```{kind}\n(.*?)```", TEXT, re.S)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def test_there_are_commands():
    assert len(list(commands())) == 6


@pytest.mark.parametrize(("command", "lines"), list(commands()))
def test_commands_print_what_the_page_says(command, lines, folder, monkeypatch, request):
    if "G1.txt.gz" in command:
        data = request.getfixturevalue("data")
        command = command.replace("G1.txt.gz", str(data / "gset" / "G1.txt.gz"))
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(cli, shlex.split(command))
    assert result.exit_code == 0, result.output
    printed = result.stdout.splitlines()
    assert [line for line in lines if line not in printed] == []


def test_python_examples():
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert tried > 5 and failed == 0
