"""docs/compiler.md: its commands print what it says, in its order."""

import pytest

from pages import ROOT, blocks, commands, python_examples, untimed

PAGE = ROOT / "docs" / "compiler.md"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compiler")
    (content,) = blocks(PAGE.read_text(encoding="utf-8"), "text")
    (folder / "k8.mc").write_text(content, encoding="utf-8")
    return folder


def test_there_are_commands():
    assert len(commands(PAGE)) == 5


@pytest.mark.parametrize("command", commands(PAGE), ids=lambda c: c.text)
def test_commands_print_what_the_page_says(command, folder, monkeypatch):
    if "king" in command.text:
        pytest.importorskip("minorminer")
    monkeypatch.chdir(folder)
    result = command.run()
    assert result.exit_code == 0, result.output
    printed = result.stdout.splitlines()
    assert [line for line in untimed(command.lines) if line not in printed] == []


def test_python_examples():
    assert python_examples(PAGE) > 5
