"""``pbit reservoir``: the table, the JSON, the forecast, the picture, and what is refused."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from pbit.cli.main import cli
from pbit.networks.reservoir import ReservoirRegressor, Ridge
from pbit.networks.reservoir.oscillator import OscillatorReservoir
from pbit.tasks import mackey_glass

SMALL = ("nodes=8", "tries=2", "horizon=15", "--seed", "3", "--quiet")


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("series") / "mg.csv"
    x = mackey_glass(300, seed=1)
    rows = np.column_stack([np.arange(300), x, np.roll(x, 3) ** 2])
    np.savetxt(path, rows, delimiter=",", header="t,x,y", comments="")
    return path


def run(*arguments, **options):
    return CliRunner().invoke(cli, ["reservoir", *map(str, arguments)], **options)


def test_table(table):
    result = run(table, "time=t", *SMALL)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert max(map(len, lines[1:])) <= 80
    told = {line.split()[0]: line.split()[1:] for line in lines if line}
    assert set(told) > {"vortex", "echo-state", "linear", "quadratic", "seed", "held"}
    assert lines[0].endswith("300 steps of x, y")
    assert lines[1] == "task         forecast 1 step ahead"
    assert told["held"][1:] == ["the", "last", "75", "steps"]
    assert float(told["linear"][0]) < float(told["no"][1]) < 1
    assert 0 <= float(told["vortex"][1]) <= 15
    assert run(table, "time=t", *SMALL).stdout == result.stdout


def test_json_is_what_the_library_finds(table):
    """The error and the forecast, from the setting alone."""
    record = json.loads(run(table, "time=t", *SMALL, "--json").stdout)
    row = record["results"][0]
    setting = {
        key: row["setting"][key] for key in ("bias", "amplitude", "slot", "feedback", "mask")
    }
    data = np.loadtxt(table, delimiter=",", skiprows=1)[:, 1:]
    X, y, learnt = data[:-1], data[1:], record["learnt_from"]
    model = ReservoirRegressor(
        OscillatorReservoir(num_virtual=8, **setting), readout=Ridge(row["alpha"]),
        warm_up=learnt // 10, with_inputs=True, random_state=row["reservoir_seed"],
    ).fit(X[:learnt], y[:learnt])  # fmt: skip
    wrong, held = model.predict(X)[learnt:] - y[learnt:], y[learnt:]
    spread = np.sqrt(((held - held.mean(axis=0)) ** 2).mean())
    assert row["error"] == pytest.approx(np.sqrt((wrong**2).mean()) / spread, rel=1e-9)
    np.testing.assert_allclose(record["outputs"], model.predict(X)[learnt:], rtol=1e-9)
    np.testing.assert_allclose(row["free_run"], model.forecast(X[:learnt], 15), rtol=1e-7)
    np.testing.assert_allclose(
        record["forecast"], model.fit(X, y).forecast(data, 15), rtol=1e-7, atol=1e-9
    )
    assert (record["steps"], record["held_out"], record["tries"]) == (300, 75, 2)


def test_output_and_picture(table, tmp_path):
    output, picture = tmp_path / "next.csv", tmp_path / "run.png"
    result = run(table, "time=t", *SMALL, "--output", output, "--plot", picture)
    assert result.exit_code == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    lines = output.read_text().splitlines()
    assert lines[0] == "x,y" and len(lines) == 16
    assert 0 < float(lines[1].split(",")[0]) < 2


def test_a_column_is_followed(table, tmp_path):
    output = tmp_path / "told.csv"
    options = ("--task", "follow", "--target", "y", *SMALL, "--device", "echo-state")
    record = json.loads(run(table, "time=t", *options, "--output", output, "--json").stdout)
    assert [each["name"] for each in record["results"]] == ["echo-state", "linear", "quadratic"]
    assert record["results"][2]["error"] < 0.5
    assert record["error_of_no_change"] is record["forecast"] is None
    assert len(output.read_text().splitlines()) == 1 + record["held_out"]
    later = json.loads(run(table, "time=t", *options, "ahead=5", "--json").stdout)
    assert (later["ahead"], later["learnt_from"] + later["held_out"]) == (5, 295)


def test_steps_ahead_have_no_free_runs(table):
    result = run(table, "time=t", *SMALL, "ahead=4", "--device", "uniform")
    assert "forecast 4 steps ahead" in result.stdout and "freely" not in result.stdout


def test_standard_input_and_notes(table):
    result = run("-", *SMALL[:-1], "tries=1", input=table.read_text())
    assert result.exit_code == 0
    assert "note: column 't' is read as data; say time='t' if it is not" in result.stderr


@pytest.mark.parametrize(("at", "value"), [(230, 1e6), (200, 1e300), (299, 1e6)])
def test_one_wrong_value_is_held_and_told(tmp_path, at, value):
    """In what is held out, where settings are scored, and at the very end."""
    x = np.sin(np.arange(300) / 5)
    x[at] = value
    path = tmp_path / "a.csv"
    path.write_text("x\n" + "\n".join(map(str, x)))
    small = [each for each in SMALL if each != "--quiet"]
    result = run(path, *small, "tries=1", "--json")
    assert (result.exit_code, "Warning" in result.stderr) == (0, False)
    told = "1 of the steps not learnt from at first are farther from the middle of those before"
    assert f"note: {told}" in result.stderr and told in json.loads(result.stdout)["notes"][-1]


def test_a_series_that_grows_without_end(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("x\n" + "\n".join(map(str, np.exp(np.arange(300) / 8))))
    result = run(path, *SMALL, "tries=1")
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("text", "arguments", "status", "message"),
    [
        ("x\n1\n2\n", (), 4, "has 2 rows, expected 101 or more"),
        (
            "x\n1\ntwo\n",
            (),
            4,
            ":3: column 'x' is 'two', expected a number; correct it, or leave out its column",
        ),
        ("x\n1\n2\n", ("--task", "follow"), 2, "needs --target COLUMN"),
        ("x\n1\n2\n", ("--target", "x"), 2, "--target is for --task follow"),
        ("x\n1\n2\n", ("--task", "follow", "--target", "z"), 4, "no column 'z'"),
        ("x\n1\n2\n", ("--task", "follow", "--target", "x"), 4, "has one column"),
        ("x\n" + "1\n" * 150, ("held_out=0.01",), 2, "held_out must leave 20 steps"),
        ("x\n" + "1\n" * 150, ("nodes=0",), 2, "nodes must be >= 2, got 0"),
        ("x\n1\n2\n", ("ahead=0",), 2, "ahead must be >= 1, got 0"),
        ("x\n1\n2\n", ("horizon=0",), 2, "horizon must be >= 1, got 0"),
        ("x\n1\n2\n", ("horizon=-3",), 2, "horizon must be >= 1, got -3"),
        ("x\n1\n2\n", ("--task", "follow", "--target", "x", "ahead=-1"), 2, "ahead must be >= 0"),
        ("x\n1\n2\n", ("knots=3",), 2, "must be one of nodes=, tries="),
        ("x\n1\n2\n", ("tries=few",), 2, "and a value, got 'tries=few'"),
        (
            "x\n1\n2\n",
            ("--device", "tube"),
            2,
            "'tube' is not one of 'vortex', 'uniform', 'p-bits'",
        ),
    ],
)
def test_refusals(tmp_path, text, arguments, status, message):
    path = tmp_path / "a.csv"
    path.write_text(text)
    result = run(path, *SMALL, *arguments)
    assert result.exit_code == status
    assert message in result.stderr


def test_a_missing_file():
    result = run("nowhere.csv", *SMALL)
    assert (result.exit_code, "nowhere.csv: No such file" in result.stderr) == (4, True)
