"""Truth tables from whatever says one, and what is refused."""

import numpy as np
import pytest

from pbit.problems.logic.gates.expression import parse
from pbit.problems.logic.gates.library import HALF_ADDER, XOR
from pbit.problems.logic.gates.truth_table import TruthTable, table_of

AND_ROWS = ((0, 0, 0), (0, 1, 0), (1, 0, 0), (1, 1, 1))


def test_all_ways_to_give_a_table():
    table = TruthTable(("A", "B", "Y"), 2, AND_ROWS)
    assert table_of(table) is table
    assert table_of("A & B") == table_of("Y = A & B") == table_of(parse("A & B")) == table
    assert table_of([0, 0, 0, 1]) == table_of(np.array([False, False, False, True])) == table
    assert TruthTable.from_outputs([0, 0, 0, 1]) == table
    assert TruthTable.from_function(lambda a, b: a and b, inputs="AB") == table
    assert TruthTable.from_rows(AND_ROWS[::-1], num_inputs=2, pins="ABY") == table
    assert table_of(HALF_ADDER).pins == ("A", "B", "S", "C")
    assert table_of(XOR).rows == ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0))


def test_relations_and_several_outputs():
    relation = table_of([[1, 0], [0, 1]])
    assert (relation.pins, relation.num_inputs, relation.rows) == (("A", "B"), 0, ((0, 1), (1, 0)))
    table = TruthTable.from_outputs([[0, 0], [1, 0], [1, 0], [0, 1]])
    assert table.pins == ("A", "B", "Y0", "Y1")
    adder = TruthTable.from_function(
        lambda a, b: ((a + b) & 1, (a + b) >> 1), inputs="AB", outputs=("Y0", "Y1")
    )
    assert adder == table
    assert table_of("y = b & a").pins == ("b", "a", "y")
    assert table_of(parse("Y & a")).pins == ("Y", "a", "out")
    assert table_of("1") == TruthTable(("Y",), 0, ((1,),))
    assert all(type(bit) is int for row in table.rows for bit in row)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: TruthTable(("A", "A"), 0, ((0, 1),)), "pins must be distinct, got A, A"),
        (lambda: TruthTable(("A",), 2, ((0,),)), r"num_inputs must be 0\.\.1, got 2"),
        (lambda: TruthTable(("A",), 0, ()), "rows must be some of the 2 states, got 0"),
        (lambda: TruthTable(("A",), 0, ((0,), (1,))), "got 2: none or all of them need no gate"),
        (
            lambda: TruthTable(("A", "B"), 0, ((0,),)),
            r"rows must have a bit .* \(A, B\), got \(0,\)",
        ),
        (lambda: TruthTable(("A", "B"), 0, ((0, 2),)), r"rows must have a bit .* got \(0, 2\)"),
        (lambda: TruthTable(("A", "B"), 0, ((0, 1), (0, "x"))), r"got \(0, 'x'\)"),
        (lambda: TruthTable(("A", "B"), 0, ((0, 1), (0, 1))), r"distinct, got \(0, 1\) twice"),
        (lambda: TruthTable(("A", "Y"), 1, ((0, 1),)), "every state of the 1 inputs once, got 1"),
        (
            lambda: TruthTable(("A", "Y"), 1, ((0, 1), (0, 0))),
            "got 2 rows with 1; use num_inputs=0 for a relation",
        ),
        (lambda: TruthTable.from_outputs([0, 1, 1]), r"power of two of rows, .* got shape \(3,\)"),
        (lambda: TruthTable.from_outputs(1), r"power of two of rows, .* got shape \(\)"),
        (lambda: table_of([]), r"power of two of rows, .* got shape \(0,\)"),
        (lambda: TruthTable.from_outputs(np.zeros((2, 2, 2))), r"got shape \(2, 2, 2\)"),
        (lambda: TruthTable.from_outputs([0, 1, 2, 1]), r"rows must have a bit .* got \(1, 0, 2\)"),
        (lambda: TruthTable.from_outputs([0] * 2**12), "at most 12 pins, got 13; build a circuit"),
        (lambda: TruthTable.from_rows([0, 1]), r"got shape \(2,\)"),
        (lambda: TruthTable.from_rows([[0.5, 1]]), r"rows must have a bit .* got \(0\.5, 1\)"),
        (lambda: TruthTable.from_rows([[0, 1]], pins="A"), "for each of the 1 pins"),
        (lambda: TruthTable.from_function(min, inputs="ABCDEFGHIJKLM"), "at most 12 pins, got 14"),
        (lambda: table_of("a & "), "not a Boolean expression at character 4"),
        (lambda: table_of("a = b; c = a"), "output 'a' is an input, too; rename it"),
        (lambda: table_of("and(a,b,c,d,e,f,g,h,i,j,k,l)"), "at most 12 pins, got 13"),
        (lambda: table_of(np.zeros((2, 2, 2))), "rows must be an array of shape"),
        (lambda: table_of(3), "rows must be an array of shape"),
    ],
)
def test_refusals(make, message):
    with pytest.raises(ValueError, match=message):
        make()
