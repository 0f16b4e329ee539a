"""docs/crossbar.md: its examples print what it says, its table is a chip."""

from pages import ROOT, blocks, python_examples
from pbit.hardware.files.toml import read_chip

PAGE = ROOT / "docs" / "crossbar.md"


def test_examples():
    assert python_examples(PAGE) > 20


def test_the_table_is_a_chip(tmp_path):
    (text,) = blocks(PAGE.read_text(encoding="utf-8"), "toml")
    path = tmp_path / "chip.toml"
    path.write_text(text)
    assert read_chip(path).crossbar.max_ohm == 1e6
