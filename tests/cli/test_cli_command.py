"""What commands share: options that are declared once, and errors that name them."""

import ast
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from pbit.checks import ArgumentError, TooLargeError
from pbit.cli import command, options, values

TWICE = {"--format", "--colors", "--model"}  # other choices of one name; a count or a kind, a wish
FOLDER = Path(command.__file__).parent


def made(body, *decorators):
    """A command of these options around a function."""
    function = command.command(cls=command.Command)(options.together(*decorators)(body))
    return lambda *arguments: CliRunner().invoke(function, list(map(str, arguments)))


def failing(error):
    def body(**_):
        raise error

    return made(body, options.reads("Runs.", click.INT), options.time_limit("Of it."))


# --- errors


@pytest.mark.parametrize(
    ("error", "status", "text"),
    [
        (ArgumentError("num_reads", "must be >= 1", 0, remedy="take 1"), 2,
         "--reads must be >= 1, got 0; take 1"),
        (ArgumentError("time_limit_s", "must be > 0", -1.0), 2, "--time-limit must be > 0"),
        (TooLargeError("runs", needed=2**33, memory=2**32, lower="num_reads"), 5,
         "runs need about 8.0 GiB, this machine has 4.0; lower --reads"),
        (TooLargeError("runs", needed=2**33, memory=2**32, lower="num_steps"), 5,
         "lower num_steps"),
        (ValueError("kernel 'bits' needs weights"), 1, ""),
    ],
)  # fmt: skip
def test_errors_name_the_option_that_fills_the_argument(error, status, text):
    result = failing(error)()
    assert (result.exit_code, result.stdout) == (status, "")
    assert text in result.stderr
    assert ("Usage: " in result.stderr) == (status == 2)


@pytest.mark.parametrize(
    "error", [ArgumentError("model", "must have spins"), ValueError("broken"), MemoryError("no")]
)
def test_errors_of_our_own_come_through(error):
    assert failing(error)().exception is error


def test_a_usage_error_without_an_option_is_told_as_it_is():
    def body(**_):
        raise command.usage_error(ValueError("a gate must have at most 12 pins"))

    result = made(body)()
    assert result.exit_code == 2 and "Error: a gate must have at most 12 pins" in result.stderr


@pytest.mark.parametrize("status", [None, 0, 3])
def test_the_function_returns_the_exit_status(status):
    assert made(lambda **_: status)().exit_code == (status or 0)


# --- options


@pytest.mark.parametrize(
    ("option", "arguments", "message"),
    [
        (options.time_limit("Of it."), ("--time-limit", 0), "--time-limit must be > 0 seconds"),
        (options.beta("B."), ("--beta", "inf"), "--beta must be a finite number >= 0, got inf"),
        (options.target("T."), ("--target", "nan"), "--target must be a number, got nan"),
        (options.target("T.", values.FINITE), ("--target", "inf"), "must be a finite number"),
        (options.beta("B.", values.PROBABILITY), ("--beta", 1), "must be between 0 and 1, got 1"),
        (options.beta("B.", values.FINITE_SECONDS), ("--beta", "inf"), "finite and > 0 seconds"),
        (options.sweeps("S.", values.Number("odd", lambda n: n % 2, whole=True, remedy="add 1")),
         ("--sweeps", 2), "--sweeps must be odd, got 2; add 1"),
        (options.output(), ("--output", "/nowhere/at/all"), "--output /nowhere/at/all: cannot be"),
        (options.output(), ("--output", "-"), "--output -: name a file"),
        (options.plot(), ("--plot", "a.txt"), "--plot a.txt: the name must end in .png"),
        (options.output(type=values.ModelFile()), ("--output", "a.b"), "must end in .json or"),
    ],
)  # fmt: skip
def test_values_are_refused_before_the_command_runs(option, arguments, message):
    ran = []
    result = made(lambda **_: ran.append(1), option)(*arguments)
    assert (result.exit_code, ran) == (2, [])
    assert message in result.stderr


def test_a_seed_is_drawn_where_none_is_given():
    seen = []
    run = made(lambda **given: seen.append(given["seed"]), options.seed)
    for arguments in ((), (), ("--seed", 7)):
        run(*arguments)
    first, second, third = seen
    assert first != second and max(first, second) < 2**63 and third == 7


def test_files_are_not_written_over(tmp_path):
    file = click.argument("file")
    run = made(lambda **_: None, file, options.output(), options.plot())
    path = tmp_path / "a.png"
    refused = run(path, "--output", path)
    assert refused.exit_code == 2 and f"FILE and --output name the same file, {path}" in (
        refused.stderr
    )
    refused = run("-", "--output", path, "--plot", path)
    assert "--output and --plot name the same file" in refused.stderr
    assert run("-", "--output", path).exit_code == 0
    chip = made(lambda **_: None, options.hardware("A chip."), options.output())
    assert "--hardware and --output name" in chip("--hardware", path, "--output", path).stderr


def test_records_tell_the_options_by_their_names():
    seen = []

    def body(**given):
        seen.append(command.told_options(given, changed=True))
        seen.append(command.told_options({"num_reads": float("inf")}))

    made(body, options.reads("R.", click.INT), options.time_limit("Of it."))("--time-limit", 2)
    assert seen == [{"time_limit": 2.0}, {"reads": "inf"}]


def test_each_option_is_declared_once():
    names = Counter()
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "click.option":
                names[ast.literal_eval(node.args[0])] += 1
    assert {name for name, count in names.items() if count > 1} == TWICE
    assert sum(names.values()) <= 135


# --- what is imported


@pytest.mark.parametrize("what", ["help", "modules"])
def test_nothing_heavy_is_imported(what):
    names = sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))
    code = f"import {', '.join(f'pbit.cli.{name}' for name in names)}"
    if what == "help":
        code = "from pbit.cli.main import cli; cli.main(['--help'], standalone_mode=False)"
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; import sys; print(); print(*sys.modules)"],
        capture_output=True,
        text=True,
        env=env,
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "pbit.cli.main" in loaded and ("pbit.cli.solve" in loaded) == (what == "modules")
    heavy = {"numpy", "numba", "scipy", "rich", "dimod", "networkx", "matplotlib", "pbit.problems"}
    assert not loaded & heavy
