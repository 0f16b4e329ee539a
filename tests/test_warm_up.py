"""Kernels compiled ahead: everything in the table runs, and afterwards nothing is compiled."""

import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from pbit import warm_up as module
from pbit.cli.main import cli
from pbit.warm_up import Call, names, warm_up

CHECK = """
from numba.core import event
compiled = []
class Listener(event.Listener):
    def on_start(self, e): compiled.append(e.data["dispatcher"].py_func.__module__)
    def on_end(self, e): pass
event.register("numba:compile", Listener())
from pbit.warm_up import warm_up
warm_up(["models"], report=lambda line: None)
assert not compiled, compiled
"""


def test_a_second_process_compiles_nothing(tmp_path):
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "pbit.warm_up", "--only", "models"]
    first = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert first.returncode == 0 and first.stderr == ""
    *lines, folder = first.stdout.splitlines()
    assert lines[0].startswith("[1/1] models: ") and folder.startswith(str(tmp_path))
    second = subprocess.run(
        [sys.executable, "-c", CHECK], env=environment, capture_output=True, text=True
    )
    assert second.returncode == 0, second.stderr


def test_groups_cover_every_kernel_and_dynamics():
    from pbit.engines.registry import kernels
    from pbit.samplers.tempering import replicas

    groups = set(names())
    assert set(kernels()) <= groups
    assert {f"temper {kernel}" for kernel in replicas.KERNELS} <= groups
    assert {f"chip {name}" for name in ("default", "telegraph", "arrhenius")} <= groups


def test_bit_models_of_the_table_reach_every_level():
    from pbit.engines.bit_model import LEVELS, BitModel

    models = [BitModel.of(module._ring(weight)) for weight in module._BIT_WEIGHTS]
    found = {tuple(zip(model.planes, model.bits, strict=True)) for model in models}
    assert found == set(LEVELS)


@pytest.fixture
def table(monkeypatch):
    """A table of calls that only note that they were made."""
    made = []
    rows = [("models", "a"), ("bits", "b"), ("bits", "c"), ("chip default", "d")]
    calls = [Call(group, name, lambda name=name: made.append(name)) for group, name in rows]
    monkeypatch.setattr(module, "calls", lambda: iter(calls))
    return made


def test_only_some_groups(table):
    lines = []
    warm_up(["chip", "models"], report=lines.append)
    assert table == ["a", "d"]
    assert [line.split("  ")[0] for line in lines] == ["[1/2] models: a", "[2/2] chip default: d"]


def test_groups_run_side_by_side_after_the_first(table, monkeypatch):
    """Processes of their own would not see the planted table: the pool is replaced."""
    from concurrent.futures import ThreadPoolExecutor

    def pool(workers, mp_context, **_):
        assert table == ["a"] and workers == 2
        return ThreadPoolExecutor(workers)

    monkeypatch.setattr(module, "ProcessPoolExecutor", pool)
    lines = []
    warm_up(jobs=7, report=lines.append)
    assert sorted(table) == ["a", "b", "c", "d"] and len(lines) == 4


def test_processes_are_silent_and_answer_with_rows(table, monkeypatch):
    monkeypatch.setenv("PBIT_QUIET", "")
    module._hush()
    assert os.environ["PBIT_QUIET"] == "1"
    done = module._finished_group("bits")
    assert [row.call for row in done] == ["bits: b", "bits: c"] and table == ["b", "c"]


def test_refusals():
    with pytest.raises(ValueError, match="only must be among models, bits"):
        warm_up(["nothing"])
    with pytest.raises(ValueError, match="jobs must be >= 1, got 0"):
        warm_up(jobs=0)


def test_command(table):
    result = CliRunner().invoke(cli, ["warm-up", "--only", "bits"])
    assert result.exit_code == 0
    assert "[2/2] bits: c" in result.stdout and "kernels-" in result.stdout.splitlines()[-1]
    refused = CliRunner().invoke(cli, ["warm-up", "--only", "nothing"])
    assert refused.exit_code == 2 and "must be among models, bits" in refused.stderr
