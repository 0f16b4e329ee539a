"""A format of netlists is one record in one file."""

import pytest
from click.testing import CliRunner

from fresh_registry import fresh
from pbit.cli.main import cli
from pbit.problems.logic import netlists, read_circuit
from pbit.problems.logic.netlists.registry import KNOWN

WIRES = '''
"""One gate: 'AND a b y'."""

from pbit.formats.format import Sign, Stage
from pbit.problems.logic.circuits.circuit import Circuit
from pbit.problems.logic.netlists import blif
from pbit.problems.logic.netlists.registry import NetlistFormat


def read(data, name):
    gate, a, b, y = data.decode().split()
    return blif.read(
        f".model m\\n.inputs {a} {b}\\n.outputs {y}\\n.names {a} {b} {y}\\n11 1\\n".encode(), name
    )


FORMAT = NetlistFormat(
    name="one-gate", what="a gate", read=read, has_modules=False,
    signs=(Sign(Stage.LINE, 1, lambda sample: sample.fields[0] == b"AND"),),
)
'''


@pytest.fixture
def gate(tmp_path):
    folder = tmp_path / "modules"
    folder.mkdir()
    (folder / "single.py").write_text(WIRES)
    (tmp_path / "gate.txt").write_text("AND a b y\n")
    with fresh(KNOWN, netlists, folder):
        yield tmp_path / "gate.txt"


def test_one_file_is_a_format_of_netlists(gate):
    assert list(netlists.FORMATS) == ["blif", "aiger", "yosys", "one-gate"]
    assert netlists.detect(b"AND a b y\n", "x") == "one-gate"
    assert read_circuit(gate).evaluate(a=1, b=1) == {"y": 1}
    assert read_circuit(gate, format="one-gate").evaluate(a=1, b=0) == {"y": 0}
    with pytest.raises(ValueError, match="top must be left out for ONE-GATE, which has no modules"):
        read_circuit(gate, top="m")


def test_the_command_line_knows_it(gate):
    arguments = ["logic", str(gate), "--format", "one-gate", "--clamp", "y=1", "--seed", "1"]
    result = CliRunner().invoke(cli, [*arguments, "--quiet"])
    assert result.exit_code == 0 and result.stdout.split()[3:5] == ["1", "1"]
    other = CliRunner().invoke(cli, ["logic", str(gate), "--format", "vhdl"])
    assert "'vhdl' is not one of 'blif', 'aiger', 'yosys', 'one-gate'" in other.stderr


def test_an_attribute_that_is_none():
    with pytest.raises(AttributeError, match="netlists' has no attribute 'KINDS'"):
        netlists.KINDS  # noqa: B018
