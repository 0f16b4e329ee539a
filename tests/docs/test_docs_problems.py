"""docs/problems.md: its commands print what it says, in its order; the table names every kind."""

import doctest
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from pbit.cli.main import cli
from pbit.cli.registered import PROBLEM

PAGE = Path(__file__).parents[2] / "docs" / "problems.md"
TEXT = PAGE.read_text(encoding="utf-8")


def commands():
    for block in re.findall(r"```console\n(.*?)```", TEXT, re.S):
        command, *lines = block.splitlines()
        yield command.removeprefix("$ pbit "), lines


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("problems")
    for content in re.findall(r"```text\n(.*?)```", TEXT, re.S):
        (folder / content.split()[1]).write_text(content, encoding="utf-8")
    return folder


def test_there_are_commands():
    assert len(list(commands())) >= 4


@pytest.mark.parametrize(("command", "lines"), list(commands()))
def test_commands_print_what_the_page_says(command, lines, folder, monkeypatch):
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(cli, shlex.split(command))
    assert result.exit_code in (0, 3), result.output
    printed = iter(result.stdout.splitlines())
    assert [line for line in lines if line not in printed] == []


def test_python_examples():
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert tried > 15 and failed == 0


@pytest.mark.parametrize("name", PROBLEM.choices)
def test_the_table_names_every_kind(name):
    assert f"`{name}`" in TEXT
