"""Pages of the documentation: their console blocks run, their Python examples counted."""

import codecs
import doctest
import re
import shlex
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner, Result

from pbit.cli.main import cli

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


class Command(NamedTuple):
    """A line after ``$`` and the lines that it is said to print."""

    text: str
    lines: list[str]

    def run(self, **places: str) -> Result:
        """Run it here, with files in other places where they are named so."""
        first, _, rest = self.text.rpartition(" | ")
        words = [places.get(word, word) for word in shlex.split(rest, comments=True)]
        assert words[0] == "pbit"
        return CliRunner().invoke(cli, words[1:], input=_printed(first))


def _printed(command: str) -> str | None:
    """What ``printf 'text'`` prints, for a pipe."""
    if not command:
        return None
    name, text = shlex.split(command)
    assert name == "printf"
    return codecs.decode(text, "unicode_escape")


def blocks(text: str, kind: str) -> list[str]:
    """Contents of the code blocks of that kind."""
    return re.findall(rf"```{kind}\n(.*?)```", text, re.S)


def commands(page: Path) -> list[Command]:
    """Commands of the console blocks of a page, in its order."""
    found = []
    for block in blocks(page.read_text(encoding="utf-8"), "console"):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            text, *lines = part.splitlines()
            found.append(Command(text, lines))
    return found


def untimed(lines: list[str]) -> list[str]:
    """The lines but those that say how long it took."""
    return [line for line in lines if not line.startswith("time ")]


def python_examples(page: Path) -> int:
    """Number of Python examples of a page, all of which print what they say."""
    failed, tried = doctest.testfile(str(page), module_relative=False)
    assert failed == 0
    return tried
