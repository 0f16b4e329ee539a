"""The tutorial's commands run, in its order, and print what it says."""

import pytest

from cases import some
from pages import ROOT, blocks, commands, python_examples

PAGE = ROOT / "docs" / "tutorial_junction.md"
FILES = {"dwell.csv": "csv", "and.coo": "text"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What the reader has saved."""
    folder = tmp_path_factory.mktemp("tutorial")
    for name, kind in FILES.items():
        (content,) = blocks(PAGE.read_text(encoding="utf-8"), kind)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def test_there_are_commands():
    assert len(commands(PAGE)) == 6


def is_brief(command):
    """Not the one that anneals 800 junctions."""
    return "G1.txt.gz" not in command.text


@pytest.mark.parametrize(
    "command", some(commands(PAGE), *filter(is_brief, commands(PAGE))), ids=lambda c: c.text
)
def test_commands_print_what_the_page_says(command, folder, monkeypatch, request):
    places = {}
    if "G1.txt.gz" in command.text:
        places["G1.txt.gz"] = str(request.getfixturevalue("data") / "gset" / "G1.txt.gz")
    monkeypatch.chdir(folder)
    result = command.run(**places)
    assert result.exit_code == 0, result.output
    printed = result.stdout.splitlines()
    assert [line for line in command.lines if line not in printed] == []


def test_python_examples():
    assert python_examples(PAGE) > 5
