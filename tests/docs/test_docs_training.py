"""docs/training.md: its commands print what it says, up to what others may round otherwise."""

import re

import click
import pytest

from pages import ROOT, blocks, commands, python_examples, untimed
from pbit.cli.main import cli

PAGE = ROOT / "docs" / "training.md"
COMMANDS = ("train", "generate", "complete", "classify", "recall")


def told(lines):
    """Lines of words, numbers left out; sums and products are rounded differently elsewhere."""
    words = [line for line in untimed(lines) if re.search("[a-z]", line)]
    return [re.sub(r"\d+", "#", line) for line in words if not line.startswith("mistaken")]


def test_the_page(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert python_examples(PAGE) > 8
    for command in commands(PAGE):
        result = command.run()
        is_refused = command.lines[0].startswith("Error: ")
        assert result.exit_code == (4 if is_refused else 0), result.output
        printed = (result.stderr if is_refused else result.stdout).splitlines()
        assert told(printed) == told(command.lines)
        assert len(printed) == len(command.lines)
        for name in ("accuracy", "test accuracy"):
            assert abs(value(name, printed) - value(name, command.lines)) < 0.03


def value(name, lines):
    found = [float(re.findall(r"[\d.]+", line)[0]) for line in lines if line.startswith(f"{name} ")]
    return found[0] if found else 0.0


@pytest.mark.parametrize("line", [line for block in blocks(PAGE.read_text(encoding="utf-8"), "sh")
                                  for line in block.splitlines()])  # fmt: skip
def test_commands_have_these_options(line):
    name, *words = line.split("#")[0].split()[1:]
    command = cli.get_command(click.Context(cli), name)
    command.make_parser(click.Context(command)).parse_args(words)


def test_the_tables_name_every_command():
    for page in (PAGE, ROOT / "docs" / "command_line.md"):
        text = page.read_text(encoding="utf-8")
        assert all(f"`pbit {name} " in text for name in COMMANDS)
