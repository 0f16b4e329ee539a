"""docs/tempering.md: its examples print what it says."""

import doctest
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "tempering.md"


def test_examples():
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert tried > 10 and failed == 0
