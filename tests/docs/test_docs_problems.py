"""docs/problems.md: its commands print what it says, in its order; the table names every kind."""

import pytest

from pages import ROOT, blocks, commands, python_examples
from pbit.cli.registered import PROBLEM

PAGE = ROOT / "docs" / "problems.md"
TEXT = PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("problems")
    for content in blocks(TEXT, "text"):
        (folder / content.split()[1]).write_text(content, encoding="utf-8")
    return folder


def test_there_are_commands():
    assert len(commands(PAGE)) >= 4


@pytest.mark.parametrize("command", commands(PAGE), ids=lambda c: c.text)
def test_commands_print_what_the_page_says(command, folder, monkeypatch):
    monkeypatch.chdir(folder)
    result = command.run()
    assert result.exit_code in (0, 3), result.output
    printed = iter(result.stdout.splitlines())
    assert [line for line in command.lines if line not in printed] == []


def test_python_examples():
    assert python_examples(PAGE) > 15


@pytest.mark.parametrize("name", PROBLEM.choices)
def test_the_table_names_every_kind(name):
    assert f"`{name}`" in TEXT
