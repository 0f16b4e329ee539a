"""docs/transverse_ising.md: its examples print what it says."""

import pytest

from pages import ROOT, commands, python_examples

PAGE = ROOT / "docs" / "transverse_ising.md"


def test_examples():
    assert python_examples(PAGE) > 30


@pytest.mark.parametrize("command", commands(PAGE), ids=lambda c: c.text)
def test_commands(command):
    result = command.run()
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == command.lines
