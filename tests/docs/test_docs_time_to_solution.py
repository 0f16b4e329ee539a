"""docs/time_to_solution.md: its examples run; its tables have the shape of what is printed."""

import re

import pytest

from pages import ROOT, blocks, commands, python_examples

PAGE = ROOT / "docs" / "time_to_solution.md"


def shape(line):
    """Words of a line, without times and counts."""
    return [word for word in line.split() if re.fullmatch(r"[a-z]{3,}:?|[45]|\d+/1", word)]


def test_python_examples():
    assert python_examples(PAGE) > 15


@pytest.mark.parametrize("command", commands(PAGE), ids=lambda c: c.text)
def test_commands_print_such_tables(command, tmp_path, monkeypatch):
    (content,) = blocks(PAGE.read_text(encoding="utf-8"), "text")
    (tmp_path / "ring.mc").write_text(content, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    result = command.run()
    assert result.exit_code == 0, result.output
    printed = [shape(line) for line in result.stdout.splitlines()]
    assert [line for line in command.lines if shape(line) not in printed] == []
