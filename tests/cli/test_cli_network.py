"""pbit network: lists, runs, tables, what is refused, and Ctrl-C."""

import json
import os
import sys
from dataclasses import replace

import click
import pytest
from click.testing import CliRunner

from pbit.cli.main import cli
from pbit.cli.network_run import run as run_command
from pbit.cli.reports.network_plot import draw_network
from pbit.published import Measured, experiments
from pbit.published.registry import KNOWN
from processes import Started

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX signals")
KEYS = ["id", "rows", "claim", "measured", "spread", "baseline", "unit", "seeds", "note"]


def run(*arguments):
    result = CliRunner().invoke(cli, ["network", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def refused(*arguments, status=2, message):
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (status, ""), result.output
    assert message in " ".join(result.stderr.split())


@pytest.fixture(autouse=True)
def no_data(monkeypatch):
    monkeypatch.delenv("PBIT_DATA", raising=False)


# --- list


def test_list_has_all_and_filters_them():
    every = run("list").stdout
    assert all(f"{name} " in every for name in KNOWN.all())
    assert max(map(len, every.splitlines())) < 80
    some = run("list", "--device", "SuperPara", "--task", "random").stdout
    assert some.startswith("vodenicarevic-2017") and len(some.splitlines()) == 4
    assert "jarollahi-2014" in run("list", "--row", 1).stdout
    refused("list", "--row", 9999, message="no published system has --row 9999")


# --- run


def test_run_tells_claim_measured_and_baseline():
    text = run("run", "sabyasachi-2025", "--seeds", 2, "--size", "small", "--quiet").stdout
    for part in ("96.82 %", "measured    0.", "+-", "baseline    0.", "re-targeted", "1 to 2"):
        assert part in text
    assert "must be     value >= 0.96: no" in text and "counts " in text
    assert max(map(len, text.splitlines())) < 80 and "energy" not in text


def test_energy_is_assumed_prices_times_counts():
    arguments = ("run", "jarollahi-2014", "--seeds", 1, "--size", "small", "--quiet")
    text = run(*arguments, "--prices", "z1-spice").stdout
    assert "energy      6.93 nJ, assumed prices x counts (SPICE prices" in text  # 4096 x 1.692 pJ
    assert "energy " not in run(*arguments).stdout.replace("energy -89", "")


def test_json_is_a_list_of_records():
    arguments = ("run", "jarollahi-2014", "--size", "small", "--quiet", "--json", "--first-seed", 7)
    (record,) = json.loads(run(*arguments, "--seeds", 2).stdout)
    assert list(record) == KEYS
    assert (record["seeds"], record["claim"], record["rows"]) == ([7, 8], 0.89, [1])
    (alone,) = json.loads(run(*arguments, "--seeds", 1).stdout)
    assert alone["spread"] is None


def test_plot_is_written_and_systems_without_one_show_their_seeds(tmp_path):
    card = tmp_path / "own.toml"
    card.write_text('id = "own"\nof = "ma-2016"\nclaim = "none"\nclaim_tag = "V"\n')
    for name, where in ((str(card), "a.png"), ("ma-2016", "b.svg")):
        result = run("run", name, "--size", "small", "--seeds", 1, "--plot", tmp_path / where)
        assert result.exit_code == 0 and (tmp_path / where).stat().st_size > 2000


def test_seeds_are_drawn_where_there_is_no_picture_of_its_own(tmp_path):
    plain = replace(experiments()["jarollahi-2014"], plot=None)
    draw_network(tmp_path / "c.png", plain, [Measured(value=0.9, baseline=0.0)] * 2)
    assert (tmp_path / "c.png").stat().st_size > 2000


def test_what_run_refuses(tmp_path):
    refused("run", "nobody", message="'nobody' is not one of")
    refused("run", tmp_path / "none.toml", status=4, message="No such file")
    (tmp_path / "bad.toml").write_text("id = 3\n")
    refused("run", tmp_path / "bad.toml", status=4, message="id must be a text, got 3")
    refused("run", "ma-2016", "--seeds", 0, message="--seeds")
    refused("run", "ma-2016", "--plot", "a.txt", message="the name must end in .png")
    refused("run", "ma-2016", "--data", tmp_path / "no", message="--data")
    full = ("run", "ma-2016", "--size", "full", "--quiet", "--data", tmp_path)
    refused(*full, message="--data must be a folder with mnist/train-images")
    (tmp_path / "mnist").mkdir()
    (tmp_path / "mnist" / "train-images-idx3-ubyte.gz").write_bytes(b"\0\0\x08\x01")
    refused(*full, status=4, message="ends in the header of an idx file")


def test_what_needs_an_extra_says_which(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    message = "digits need scikit-learn: pip install 'pbit-emulator[learn]'"
    refused("run", "ma-2016", "--size", "small", "--quiet", message=message)


def test_names_complete():
    (parameter,) = (each for each in run_command.params if each.name == "experiment")
    found = parameter.shell_complete(click.Context(run_command), "saby")
    assert [each.value for each in found] == ["sabyasachi-2025", "sabyasachi-2025-eleven"]


# --- table


def test_table_is_narrow_and_marks_other_data():
    text = run("table", "--row", 25, "--size", "small", "--seeds", 2, "--quiet").stdout
    lines = text.splitlines()
    assert max(map(len, lines)) < 80
    (row,) = (line for line in lines if line.startswith("sabyasachi-2025 "))
    assert "0.9682" in row and "+-" in row and "* " in row and row.endswith("no")
    some = ("table", "--task", "associative search", "--size", "small", "--seeds", 1, "--quiet")
    (record,) = json.loads(run(*some, "--json").stdout)
    assert list(record) == KEYS and record["id"] == "jarollahi-2014"


def test_table_without_data_or_packages(monkeypatch):
    monkeypatch.setattr("pbit.published.data.find_spec", lambda name: None)
    refused("table", "--row", 2, "--quiet", message="ma-2016: data or packages are missing")
    some = run("table", "--device", "read", "--size", "small", "--seeds", 1, "--quiet").stdout
    assert "left out    ma-2016" in some and "jarollahi-2014" in some


@posix
def test_ctrl_c_keeps_the_seeds_that_are_done():
    command = ("network", "run", "jarollahi-2014", "--size", "small", "--seeds", "1000", "--json")
    process = Started(*command)
    process.wait_for("shown", enough=lambda fraction: fraction > 1 / 1000)
    stdout, _ = process.press()
    (record,) = json.loads(stdout)
    assert process.returncode == 130 and 1 <= len(record["seeds"]) < 1000
