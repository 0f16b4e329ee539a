"""docs/circuits.md: its commands and examples print what it says."""

import pytest

from pages import ROOT, commands, python_examples

PAGE = ROOT / "docs" / "circuits.md"


@pytest.mark.parametrize("command", commands(PAGE), ids=lambda c: c.text)
def test_commands_print_what_the_page_says(command, monkeypatch):
    monkeypatch.chdir(ROOT)
    result = command.run()
    assert (result.exit_code, result.stdout.splitlines()) == (0, command.lines)


def test_python_examples():
    assert python_examples(PAGE) > 5
