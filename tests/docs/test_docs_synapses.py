"""docs/synapses.md: its commands and examples print what it says; the table names every kind."""

import pytest

from pages import ROOT, commands, python_examples
from pbit.devices.synapses.registry import KNOWN

PAGE = ROOT / "docs" / "synapses.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_examples():
    assert python_examples(PAGE) > 30


@pytest.mark.parametrize("command", commands(PAGE), ids=lambda c: c.text)
def test_commands_print_what_the_page_says(command):
    result = command.run()
    assert result.exit_code == 0
    printed = iter(result.stdout.splitlines())
    assert [line for line in command.lines if line not in printed] == []


def test_the_tables_name_every_kind():
    for name, kind in KNOWN.all().items():
        assert f"| `{name}` | `{type(kind.device).__name__}` |" in TEXT
        assert f"\n{name:<15}" in TEXT  # with what was measured
