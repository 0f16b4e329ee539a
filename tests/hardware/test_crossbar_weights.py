"""Couplings in an array: what a chip of it runs on, its table in a file, what is refused."""

import dataclasses

import numpy as np
import pytest
from click.testing import CliRunner
from scipy import sparse

import pbit
from pbit.cli.main import cli
from pbit.devices.synapses import LinearSynapse, SynapseVariation
from pbit.formats.errors import FormatError
from pbit.hardware.chip import Chip
from pbit.hardware.crossbar_weights import CrossbarWeights, array_ranges, couplings_held
from pbit.hardware.files.template import write_chip
from pbit.hardware.files.toml import read_chip
from pbit.hardware.parameters import Hardware
from pbit.networks.crossbar import Crossbar, Wires, WriteVerify
from pbit.networks.crossbar.crossbar import Programmed

REAL = CrossbarWeights(
    layout="balanced", min_ohm=2e4, max_ohm=1e6, num_steps=64, programming="write-verify",
    tolerance=0.05, max_pulses=50, conductance_d2d=0.1, drive_d2d=0.2, drive_c2c=0.1,
    stuck_devices=0.02, segment_ohm=2.0, end_ohm=50.0, ir_drop="exact",
)  # fmt: skip
DEFAULT = CrossbarWeights()


def glass(n=8):
    rng = np.random.default_rng(1)
    i, j = np.triu_indices(n, 1)
    kept = rng.random(i.size) < 0.6
    return pbit.IsingModel.from_edges(i[kept], j[kept], rng.normal(size=kept.sum()))


def test_a_perfect_array_changes_nothing():
    model = glass()
    chip = Chip.of(Hardware(crossbar=DEFAULT), model)
    np.testing.assert_allclose(chip.J.toarray(), model.J.toarray(), atol=1e-12)
    assert Hardware(crossbar=DEFAULT).law == "Boltzmann"


def test_couplings_are_those_of_the_array():
    """Every parameter arrives; nothing appears where no coupling is; directions differ."""
    model = glass()
    J = model.J.toarray()
    array = Crossbar(
        J, LinearSynapse(1e-6, 5e-5, num_steps=64), layout="balanced", present=J != 0,
        programming=WriteVerify(0.05, 50), stuck=0.02, seed=7, wires=Wires(2.0, 50.0),
        variation=SynapseVariation(conductance_d2d=0.1, drive_d2d=0.2, drive_c2c=0.1),
    )  # fmt: skip
    held = Chip.of(Hardware(crossbar=REAL, seed=7), model).J.toarray()
    np.testing.assert_array_equal(held, np.where(J != 0, array.weights, 0.0))
    assert np.abs(held - J).max() > 0.01
    assert (held != held.T).any()
    bits = Chip.of(Hardware(crossbar=DEFAULT, weight_bits=3), model).J.toarray()
    only = Chip.of(Hardware(weight_bits=3), model).J.toarray()
    np.testing.assert_allclose(bits, only, atol=1e-12)


def test_a_chip_that_is_reprogrammed_has_the_same_devices():
    model = glass()
    chip = Chip.of(Hardware(crossbar=REAL, seed=7), model)
    again = chip.reprogrammed(model)
    assert (again.J != chip.J).nnz == 0
    assert (again.arrays.edges.weights == chip.arrays.edges.weights).all()


def test_a_model_without_couplings():
    J = sparse.csr_array((3, 3), dtype=np.float64)
    assert couplings_held(DEFAULT, J, seed=1) is J


def test_cells_that_are_not_there_count_for_nothing():
    present = np.array([[True, False]])
    array = Crossbar([[0.5, 0.0]], layout="balanced", present=present, stuck=[[0, 1], [0, 1]],
                     programming=WriteVerify(max_pulses=120))  # fmt: skip
    assert array.weights[0, 1] == 0
    assert isinstance(array.programmed, Programmed)
    assert array.programmed.pulses[:, 1].tolist() == [0, 0]
    assert array.programmed.num_failed == 0
    for wrong, message in [
        ({"present": np.ones((2, 1), bool)}, r"present must be bool of shape \(1, 2\), got bool"),
        ({"present": [[1, 0]]}, r"present must be bool of shape \(1, 2\), got int64"),
        ({"present": present, "layout": "offset"}, "present needs a layout of pairs; use 'diff"),
    ]:
        with pytest.raises(ValueError, match=message):
            Crossbar([[0.5, 0.0]], **wrong)


# --- what it is called


def test_departures_in_words():
    law = Hardware(crossbar=REAL).law
    for words in ["written in steps, write-verify", "devices that differ", "steps that differ",
                  "0.02 of the devices stuck", "wires of 2 ohm a cell"]:  # fmt: skip
        assert words in law
    assert (
        "placed within 0.01 of the range"
        in Hardware(crossbar=CrossbarWeights(placing_error=0.01)).law
    )


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: CrossbarWeights(max_ohm=1e4), "max_ohm must be > min_ohm = 10000, got 10000"),
        (lambda: CrossbarWeights(placing_error=0.1, programming="open-loop"),
         "placing_error needs programming 'placed'"),
        (lambda: CrossbarWeights(end_ohm=1.0, ir_drop="exact"), "needs segment_ohm > 0"),
        (lambda: CrossbarWeights(layout="offset"), "layout must be one of differential, balanced"),
        (lambda: Hardware(crossbar=DEFAULT, weight_spread=0.1), "leave them out, or the crossbar"),
        (lambda: Hardware(crossbar=DEFAULT, conductance_ratio=9.0), "leave them out, or the cross"),
        (lambda: Hardware(crossbar=REAL, dynamics="telegraph"), "may never come to rest"),
        (lambda: Chip.of(Hardware(crossbar=CrossbarWeights(segment_ohm=1.0, ir_drop="exact")),
                         glass(300)), "weights must take at most 131072 cells"),
    ],
)  # fmt: skip
def test_refusals(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_another_type_is_refused():
    with pytest.raises(
        TypeError, match=r"crossbar must be a pbit\.hardware\.crossbar_weights\.Crossbar"
    ):
        Hardware(crossbar={"min_ohm": 1e4})


# --- files


@pytest.fixture
def chip_of(tmp_path):
    """Reads a text as chip.toml."""

    def read(text):
        path = tmp_path / "chip.toml"
        path.write_text(text)
        return read_chip(path)

    return read


@pytest.mark.parametrize("array", [REAL, DEFAULT], ids=["real", "default"])
def test_what_is_written_is_read_back(chip_of, array):
    text = write_chip(Hardware(crossbar=array))
    assert chip_of(text).crossbar == array
    assert max(map(len, text.splitlines())) <= 80


def test_texts_with_units(chip_of):
    found = chip_of('[crossbar]\nmin = "20 kohm"\nmax = "1 Mohm"\nsegment = "2 ohm"').crossbar
    assert (found.min_ohm, found.max_ohm, found.segment_ohm) == (2e4, 1e6, 2.0)
    assert chip_of("[crossbar]").crossbar == DEFAULT
    assert chip_of("").crossbar is None


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("[crossbar]\nmin_ohms = 3", 2, "unknown key 'min_ohms' in [crossbar]; did you mean 'min_"),
        ("min_ohm = 3", 1, "unknown key 'min_ohm'; it belongs below a line [crossbar]"),
        ("[crossbar]\n\nnum_steps = 0", 3, "num_steps must be a whole number >= 1"),
        ('[crossbar]\nmin = "2 V"', 2, "min must be a resistance"),
        ("[crossbar]\nmax_ohm = 1e3", 2, "max_ohm must be > min_ohm = 10000, got 1000"),
        ('[crossbar]\nir_drop = "fats"', 2, "did you mean 'fast'?"),
        ("crossbar = 3", 1, "crossbar must be a table, [crossbar], got 3"),
    ],
)
def test_files_are_refused_by_line(chip_of, text, line, message):
    with pytest.raises(FormatError) as caught:
        chip_of(text)
    assert message in str(caught.value)
    assert caught.value.line == line


def test_every_parameter_has_a_range_and_a_meaning():
    for field in dataclasses.fields(CrossbarWeights):
        assert field.metadata["meaning"]
        limits = array_ranges()[field.name]
        assert limits.check(field.name, field.default) == field.default


def test_from_the_shell(tmp_path):
    """A problem solved, and the chip described."""
    path, problem = tmp_path / "chip.toml", tmp_path / "ring.txt"
    path.write_text(write_chip(Hardware(crossbar=dataclasses.replace(REAL, stuck_devices=0.0))))
    problem.write_text("4 4\n1 2 1\n2 3 1\n3 4 1\n4 1 1\n")
    run = CliRunner().invoke(cli, ["solve", str(problem), "--problem", "maxcut", "--hardware",
                                   str(path), "--seed", "1"])  # fmt: skip
    assert run.exit_code == 0, run.output
    assert "4" in run.stdout
    told = CliRunner().invoke(cli, ["chip", str(path)]).stdout
    assert "crossbar             write-verify, 20000 to 1e+06 ohm none" in told
    assert "- weights in an array: written in steps" in told
