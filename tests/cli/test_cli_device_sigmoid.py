"""pbit device sigmoid: a measured curve in volts becomes a chip that runs."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from pbit.cli.main import cli
from pbit.hardware.files.toml import read_chip

VOLTAGES = np.linspace(0.3, 0.6, 13)
MEANS = np.tanh((VOLTAGES - 0.45) / 0.05)


def run(*arguments):
    return CliRunner().invoke(cli, ["device", "sigmoid", *map(str, arguments)])


def saved(path, means, header="V_mV,P,num_samples"):
    """A curve of 1000 samples a point."""
    chances = np.random.default_rng(3).binomial(1000, (1 + means) / 2) / 1000
    rows = zip(VOLTAGES * 1e3, chances, strict=True)
    path.write_text(f"{header}\n" + "".join(f"{v:.6g},{p:.6g},1000\n" for v, p in rows))
    return path


def test_a_sigmoid_becomes_a_chip(tmp_path):
    curve, chip = saved(tmp_path / "curve.csv", MEANS), tmp_path / "chip.toml"
    result = run(curve, "--chip", chip, "--unit", "0.1", "--zero", "0.475")
    assert result.exit_code == 0, result.output
    assert "V0                  5" in result.stdout and " mV\n" in result.stdout
    assert "agreement           good: chi-square" in result.stdout
    hardware = read_chip(chip)
    assert hardware.gain == pytest.approx(2, rel=0.06)
    assert hardware.offset == pytest.approx(0.5, abs=0.06)
    record = json.loads(run(curve, "--json", "--unit", "0.1", "--zero", "0.475").stdout)
    assert (record["gain"], record["offset"]) == (hardware.gain, hardware.offset)
    assert abs(record["V0_V"] - 0.05) < 5 * record["standard_error"]["V0_V"]
    assert record["holds"]


def test_a_falling_curve_and_one_that_is_no_sigmoid(tmp_path):
    falling = run(saved(tmp_path / "falling.csv", -MEANS))
    assert falling.exit_code == 0 and "falling: the chip wants an inverted drive" in falling.stdout
    assert "on the chip         gain 1, offset 0\n" in falling.stdout
    curve, chip = saved(tmp_path / "flat.csv", 0.8 * MEANS), tmp_path / "chip.toml"
    result = run(curve, "--chip", chip)
    assert result.exit_code == 3 and not chip.exists()
    assert "means from -0." in result.stdout and "not a sigmoid of this kind" in result.stdout
    assert run(curve, "--chip", chip, "--force").exit_code == 0
    assert "# NOT such p-bits" in chip.read_text()


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("voltage_V;mean", "0,4;-0,76;0,45;0;0,5;0,75"),
        ("V (mV);P;P_error", "400;.12;.01;450;.5;.01;500;.875;.01"),
        ("V (mV);<m>;mean_error", "400;-.76;.02;450;0;.02;500;.75;.02"),
    ],
)
def test_means_probabilities_and_errors(header, rows, tmp_path):
    cells, width = rows.split(";"), header.count(";") + 1
    lines = [";".join(cells[k : k + width]) for k in range(0, len(cells), width)]
    path = tmp_path / "curve.csv"
    path.write_text("\n".join([header, *lines]))
    record = json.loads(run(path, "--json").stdout)
    assert record["V0_V"] == pytest.approx(0.05, rel=0.03)
    assert record["V50_V"] == pytest.approx(0.45, rel=0.03)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("V,P\n0.4,.1\n0.5,.5\n0.6,.9\n", "'V', is a voltage without its unit"),
        ("I_uA,P\n1,.1\n2,.5\n3,.9\n", "'I_uA', is a current, which has no place here"),
        ("V_V\n1\n", "one column must be mean or P, got none"),
        ("V_V,P,mean\n1,.1,.1\n", "one column must be mean or P, got mean and P"),
        ("V_V,P,mean_error\n1,.1,.1\n", "mean_error with P: call it P_error"),
        ("V_V,P\n0.4,.1\n0.5,50\n", "3: probabilities must be from 0 to 1, got 50; or call them"),
        ("V_V,P\n0.4,.1\n0.5,.9\n", "voltage_V must have at least 3 different values"),
        ("V_V,P\n0.4,.5\n0.5,.5\n0.6,.5\n", "do not determine V0 and V50"),
    ],
)
def test_files_are_refused(text, message, tmp_path):
    path = tmp_path / "curve.csv"
    path.write_text(text)
    result = run(path)
    assert result.exit_code == 4 and message in " ".join(result.stderr.split())


def test_a_drive_of_the_wrong_sign(tmp_path):
    result = run(saved(tmp_path / "curve.csv", MEANS), "--unit", "-0.05")
    assert result.exit_code == 2 and "--unit must have the sign of V0" in result.stderr
