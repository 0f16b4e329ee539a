"""docs/time_to_solution.md: its examples run; its tables have the shape of what is printed."""

import doctest
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from pbit.cli.main import cli

PAGE = Path(__file__).parents[2] / "docs" / "time_to_solution.md"
TEXT = PAGE.read_text(encoding="utf-8")


def shape(line):
    """Words of a line, without times and counts."""
    return [word for word in line.split() if re.fullmatch(r"[a-z]{3,}:?|[45]|\d+/1", word)]


def test_python_examples():
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert tried > 15 and failed == 0


@pytest.mark.parametrize("block", re.findall(r"```console\n(.*?)```", TEXT, re.S))
def test_commands_print_such_tables(block, tmp_path, monkeypatch):
    (content,) = re.findall(r"```text\n(.*?)```", TEXT, re.S)
    (tmp_path / "ring.mc").write_text(content, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    command, *lines = block.splitlines()
    result = CliRunner().invoke(cli, shlex.split(command.removeprefix("$ pbit ")))
    assert result.exit_code == 0, result.output
    printed = [shape(line) for line in result.stdout.splitlines()]
    assert [line for line in lines if shape(line) not in printed] == []
