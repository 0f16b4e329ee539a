"""docs/digits.md: its examples print what it says."""

from pages import ROOT, python_examples


def test_examples():
    assert python_examples(ROOT / "docs" / "digits.md") > 25
