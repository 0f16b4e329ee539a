"""docs/circuits.md: its commands and examples print what it says."""

import doctest
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from pbit.cli.main import cli

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "circuits.md"


def commands():
    (block,) = re.findall(r"```console\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    for part in block.split("$ pbit ")[1:]:
        command, _, printed = part.partition("\n")
        yield command, printed


@pytest.mark.parametrize(("command", "printed"), list(commands()))
def test_commands_print_what_the_page_says(command, printed, monkeypatch):
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(cli, shlex.split(command))
    assert (result.exit_code, result.stdout) == (0, printed)


def test_python_examples():
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert tried > 5 and failed == 0
