"""docs/hardware.md: its examples run, its table of groups is that of the code."""

import dataclasses
import doctest
from pathlib import Path

from pbit.hardware.parameters import GROUPS

PAGE = Path(__file__).parents[2] / "docs" / "hardware.md"


def table_of_groups():
    """The table as the page should have it."""
    rows = ["| group | file | keywords |", "|---|---|---|"]
    for group in GROUPS:
        keywords = ", ".join(f"`{field.name}`" for field in dataclasses.fields(group))
        file = f"{group.__module__.replace('.', '/')}.py"
        rows.append(f"| `{group.__name__}` | `{file}` | {keywords} |")
    return "\n".join(rows)


def test_the_table_of_groups_is_up_to_date():
    assert f"\n\n{table_of_groups()}\n\n" in PAGE.read_text(), table_of_groups()


def test_the_examples_run():
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert (failed, tried > 5) == (0, True)
