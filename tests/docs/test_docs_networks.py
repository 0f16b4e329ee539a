"""docs/networks.md: its examples, its command and its card give what it says."""

from fresh_registry import fresh
from pages import ROOT, blocks, commands, python_examples
from pbit import published
from pbit.published.cards import read_card
from pbit.published.registry import KNOWN

PAGE = ROOT / "docs" / "networks.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_examples():
    with fresh(KNOWN, published):
        assert python_examples(PAGE) > 10


def test_command_prints_what_the_page_says():
    (command,) = commands(PAGE)
    assert command.run().stdout.splitlines() == command.lines


def test_card_is_one(tmp_path):
    path = tmp_path / "card.toml"
    path.write_text(blocks(TEXT, "toml")[0])
    assert read_card(path, KNOWN.find).measure(1, size="small").value > 0.9


def test_table_has_systems_that_there_are():
    (table,) = blocks(TEXT, "text")
    rows = table.partition("\n\n")[0].splitlines()[2:]
    assert len(rows) > 8 and all(KNOWN.find(row.split()[0]) for row in rows)
