"""pbit device fit: a file of dwell times becomes a junction and a chip that runs."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from pbit.cli.main import cli
from pbit.devices.mtj import Junction
from pbit.hardware.files.toml import read_chip

TRUE = Junction(9.0, critical_current_A=3e-5, asymmetry=0.03)


@pytest.fixture
def measured(tmp_path):
    """Exact dwell times: the fit must give the junction back."""
    currents = np.linspace(-4e-6, 4e-6, 5)
    rows = zip(currents, *(1 / rate for rate in TRUE.rates_Hz(currents)), strict=True)
    path = tmp_path / "dwell.csv"
    path.write_text(
        "I,P,AP,N\n" + "".join(f"{i:.17g},{p:.17g},{a:.17g},1000\n" for i, p, a in rows)
    )
    return path


def run(*arguments):
    return CliRunner().invoke(cli, ["device", "fit", *map(str, arguments)])


def test_fit_prints_the_junction_and_writes_a_chip(measured, tmp_path):
    chip = tmp_path / "chip.toml"
    result = run(measured, "--chip", chip, "--tmr", "1.5")
    assert result.exit_code == 0, result.output
    assert "barrier             9 kT (the attempt frequency is assumed)" in result.stdout
    assert all(len(line) <= 80 for line in result.stdout.splitlines()[:-1])
    hardware = read_chip(chip)
    assert hardware.dynamics == "arrhenius"
    assert hardware.tau_s == pytest.approx(TRUE.tau_s, rel=1e-6)
    assert hardware.offset == pytest.approx(float(TRUE.pbit_input(0.0)), rel=1e-6)


def test_json(measured):
    record = json.loads(run(measured, "--json").stdout)
    assert record["junction"]["barrier"] == pytest.approx(9.0, rel=1e-6)
    assert record["chi_square"] == pytest.approx(0.0, abs=1e-6)
    assert record["degrees_of_freedom"] == 7


def test_without_numbers_of_dwells(measured, tmp_path):
    path = tmp_path / "bare.csv"
    lines = measured.read_text().splitlines()[1:]
    path.write_text("\n".join(line.rpartition(",")[0] for line in lines))
    assert "no numbers of dwells" in run(path).stdout


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1e-6,1e-3\n", ":1: '1e-6,1e-3': expected a current in A"),
        ("0,1,1\n1e-6,2,x\n", ":2: '1e-6,2,x': expected a current"),
        ("0,1,1\n1e-6,2,0.5,100\n", "some lines have a number of dwells"),
        ("0,1,1\n", "at least 2 different values"),
        ("", "at least 2 different values"),
        ("0,1,1\n1e-6,-2,1\n", "dwell times must be > 0 s"),
        ("0,2,1\n1e-6,1,2\n", "no junction fits"),
    ],
)
def test_files_are_refused(text, message, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text(text)
    result = run(path)
    assert result.exit_code == 4
    assert message in " ".join(result.stderr.split())


def test_a_missing_file():
    result = run("nowhere.csv")
    assert result.exit_code == 4 and "nowhere.csv: No such file" in result.stderr


def test_usage(measured):
    assert run(measured, "--phi0", "1e9", "--fit-phi0").exit_code == 2
    assert run(measured, "--chip", measured).exit_code == 2
    assert run(measured, "--fit-phi0").exit_code == 2


@pytest.mark.parametrize(
    "option", [("--n", "3"), ("--phi0", "0"), ("--tmr", "-1"), ("--temperature", "0")]
)
def test_numbers_that_no_junction_has(option, measured):
    result = run(measured, *option)
    assert result.exit_code == 2 and f"{option[0]} must be" in result.stderr
