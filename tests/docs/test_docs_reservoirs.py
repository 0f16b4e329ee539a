"""docs/reservoirs.md: its examples print what it says, its command tells what it shows."""

import re
import shlex

import numpy as np
from click.testing import CliRunner

from pages import ROOT, commands, python_examples
from pbit.cli.main import cli
from pbit.tasks import mackey_glass

PAGE = ROOT / "docs" / "reservoirs.md"


def test_examples():
    assert python_examples(PAGE) > 25


def test_the_command(tmp_path, monkeypatch):
    """With fewer settings and a shorter series: the words, without the numbers."""
    monkeypatch.chdir(tmp_path)
    np.savetxt("series.csv", mackey_glass(400, seed=1), header="x", comments="")
    (command,) = commands(PAGE)
    words = [*shlex.split(command.text)[1:], "tries=1", "horizon=20"]
    result = CliRunner().invoke(cli, words)
    assert (result.exit_code, (tmp_path / "series.png").is_file()) == (0, True)
    told, shown = (
        [re.sub(r" +[-+.e\d]+", " #", line) for line in lines]
        for lines in (result.stdout.splitlines(), command.lines)
    )
    assert told == shown
