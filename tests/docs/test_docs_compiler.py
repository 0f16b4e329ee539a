"""docs/compiler.md: its commands print what it says, in its order."""

import doctest
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from pbit.cli.main import cli

PAGE = Path(__file__).parents[2] / "docs" / "compiler.md"
TEXT = PAGE.read_text(encoding="utf-8")


def commands():
    for block in re.findall(r"```console\n(.*?)```", TEXT, re.S):
        command, *lines = block.splitlines()
        yield command.removeprefix("$ pbit "), [x for x in lines if not x.startswith("time ")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compiler")
    (content,) = re.findall(r"```text\n(.*?)```", TEXT, re.S)
    (folder / "k8.mc").write_text(content, encoding="utf-8")
    return folder


def test_there_are_commands():
    assert len(list(commands())) == 5


@pytest.mark.parametrize(("command", "lines"), list(commands()))
def test_commands_print_what_the_page_says(command, lines, folder, monkeypatch):
    if "king" in command:
        pytest.importorskip("minorminer")
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(cli, shlex.split(command))
    assert result.exit_code == 0, result.output
    printed = result.stdout.splitlines()
    assert [line for line in lines if line not in printed] == []


def test_python_examples():
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert tried > 5 and failed == 0
