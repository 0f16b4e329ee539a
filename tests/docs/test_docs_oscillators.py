"""docs/oscillators.md: its examples and its command print what it says."""

import pytest

from pages import ROOT, blocks, commands, python_examples

PAGE = ROOT / "docs" / "oscillators.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_examples():
    assert python_examples(PAGE) > 15


@pytest.mark.parametrize("command", commands(PAGE), ids=lambda c: c.text)
def test_commands_print_what_the_page_says(command, tmp_path):
    table = tmp_path / "tuning.csv"
    table.write_text(blocks(TEXT, "csv")[0])
    result = command.run(**{"tuning.csv": str(table)})
    assert result.exit_code == 0
    printed = iter(result.stdout.splitlines())
    assert [line for line in command.lines if line not in printed] == []
