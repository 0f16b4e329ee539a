"""What a gate is to do: the rows of bits that are allowed, of a function or of any relation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError
from pbit.problems.logic.gates.expression import Expression, parse_outputs
from pbit.problems.logic.gates.gate import Bits, Gate, table_rows

MAX_TABLE_PINS = 12


@dataclass(frozen=True)
class TruthTable:
    """Allowed rows of bits over named pins, the inputs first.

    Parameters
    ----------
    pins : tuple of str
        At most 12: a wider gate is a circuit of smaller ones.
    num_inputs : int
        0 for a relation, whose rows are no function of some of the pins.
    rows : tuple of tuples of 0 and 1
        One column a pin; kept sorted.

    Raises
    ------
    ValueError
        Names that repeat, too many pins, rows of another length, twice or with other values,
        no row, every state a row, inputs that a row does not decide.

    Examples
    --------
    >>> table_of("a & b").rows
    ((0, 0, 0), (0, 1, 0), (1, 0, 0), (1, 1, 1))
    """

    pins: tuple[str, ...]
    num_inputs: int
    rows: tuple[Bits, ...]

    def __post_init__(self) -> None:
        _check_pins(self.pins, self.num_inputs)
        rows = tuple(map(tuple, self.rows))
        _check_bits(rows, self.pins)
        object.__setattr__(self, "rows", tuple(sorted(tuple(map(int, row)) for row in rows)))
        _check_rows(self.rows, self.pins)
        if self.num_inputs:
            _check_function(self.rows, self.num_inputs)

    @classmethod
    def from_function(
        cls, function: Callable[..., Any], *, inputs: Sequence[str], outputs: Sequence[str] = ("Y",)
    ) -> TruthTable:
        """Table of a function of bits, one argument an input, which gives a bit or several.

        Examples
        --------
        >>> TruthTable.from_function(lambda a, b: a ^ b, inputs="AB").rows[-1]
        (1, 1, 0)
        """
        pins = (*inputs, *outputs)
        _check_pins(pins, len(inputs))

        def bits(*given: int) -> Bits:
            result = function(*given)
            return tuple(map(int, np.atleast_1d(np.asarray(result))))

        return cls(pins, len(inputs), table_rows(len(inputs), bits))

    @classmethod
    def from_outputs(cls, outputs: npt.ArrayLike) -> TruthTable:
        """Table of outputs for inputs counting up, the first input the highest bit.

        Parameters
        ----------
        outputs : array of 0 and 1, shape (2**n,) or (2**n, number of outputs)

        Examples
        --------
        >>> TruthTable.from_outputs([0, 0, 0, 1]) == table_of("Y = A & B")
        True
        """
        given = np.asarray(outputs)
        n = len(given).bit_length() - 1 if given.ndim in (1, 2) else -1
        if n < 0 or len(given) != 2**n:
            raise ArgumentError(
                "outputs",
                "must have a power of two of rows, one for each state of the inputs",
                got=f"shape {given.shape}",
                remedy="give all of them or use TruthTable.from_rows",
            )
        columns = given.reshape(2**n, -1)
        count = columns.shape[1]
        names = ("Y",) if count == 1 else tuple(f"Y{k}" for k in range(count))
        inputs = _letters(n)
        _check_pins((*inputs, *names), n)
        rows = table_rows(n, lambda *_: ())
        both = ((*row, *_plain(values)) for row, values in zip(rows, columns.tolist(), strict=True))
        return cls((*inputs, *names), n, tuple(both))

    @classmethod
    def from_rows(
        cls, rows: npt.ArrayLike, *, pins: Sequence[str] = (), num_inputs: int = 0
    ) -> TruthTable:
        """Table of the rows that are allowed, shape (number of rows, number of pins).

        Examples
        --------
        >>> TruthTable.from_rows([[0, 1], [1, 0]]).pins  # exactly one of two
        ('A', 'B')
        """
        array = np.asarray(rows)
        if array.ndim != 2:
            raise ArgumentError(
                "rows",
                "must be an array of shape (number of rows, number of pins)",
                got=f"shape {array.shape}",
            )
        given = tuple(_plain(row) for row in array.tolist())
        return cls(tuple(pins) or _letters(array.shape[1]), num_inputs, given)


def table_of(given: Any) -> TruthTable:
    """The table that is meant by an expression, outputs, rows, a gate or a table.

    Parameters
    ----------
    given : TruthTable, Gate, str, Expression or array of 0 and 1
        A string holds outputs such as ``"s = a ^ b; c = a & b"`` or one expression without a
        name, of output Y. A gate means its inputs and outputs. An array of shape (2**n,) holds
        the outputs of a function, one of shape (number of rows, number of pins) the rows of a
        relation.

    Raises
    ------
    ValueError
        As for :class:`TruthTable`, or text that is no expression.

    Examples
    --------
    >>> table_of("s = a ^ b; c = a & b").pins
    ('a', 'b', 's', 'c')
    """
    if isinstance(given, TruthTable):
        return given
    if isinstance(given, Gate):
        kept = given.num_inputs + given.num_outputs
        rows = tuple(row[:kept] for row in given.rows)
        return TruthTable(given.pins[:kept], given.num_inputs, rows)
    if isinstance(given, str):
        return _of_outputs(parse_outputs(given))
    if isinstance(given, Expression):
        name = "Y" if "Y" not in given.variables else "out"
        return _of_outputs({name: given})
    array = np.asarray(given)
    return TruthTable.from_outputs(array) if array.ndim == 1 else TruthTable.from_rows(array)


def _of_outputs(outputs: dict[str, Expression]) -> TruthTable:
    inputs = tuple(dict.fromkeys(v for each in outputs.values() for v in each.variables))
    taken = next((name for name in outputs if name in inputs), None)
    if taken is not None:
        raise ValueError(f"output {taken!r} is an input, too; rename it, as in 'y = a & b'")
    pins = (*inputs, *outputs)
    _check_pins(pins, len(inputs))
    columns = [each.truth_table(inputs) for each in outputs.values()]
    rows = table_rows(len(inputs), lambda *_: ())
    values = np.stack(columns, axis=1).tolist()
    both = ((*row, *more) for row, more in zip(rows, values, strict=True))
    return TruthTable(pins, len(inputs), tuple(both))


def _letters(count: int) -> tuple[str, ...]:
    return tuple("ABCDEFGHIJKLMNOP"[k] if count <= 16 else f"A{k}" for k in range(count))


def _plain(values: Sequence[Any]) -> Bits:
    """Bits as int, also from bool; values that are no bits stay and are refused later."""
    return tuple(int(value) if value in (0, 1) else value for value in values)


def _check_pins(pins: Sequence[str], num_inputs: int) -> None:
    if len(set(pins)) != len(pins):
        raise ArgumentError("pins", "must be distinct", got=", ".join(pins), remedy="rename one")
    if len(pins) > MAX_TABLE_PINS:
        raise ValueError(
            f"a truth table must have at most {MAX_TABLE_PINS} pins, got {len(pins)}; build a "
            "circuit of smaller gates"
        )
    if not 0 <= num_inputs <= len(pins):
        raise ArgumentError("num_inputs", f"must be 0..{len(pins)}", num_inputs)


def _check_bits(rows: Sequence[Sequence[Any]], pins: Sequence[str]) -> None:
    for row in rows:
        if len(row) != len(pins) or not all(bit in (0, 1) for bit in row):
            raise ArgumentError(
                "rows",
                f"must have a bit 0 or 1 for each of the {len(pins)} pins ({', '.join(pins)})",
                row,
            )


def _check_rows(rows: tuple[Bits, ...], pins: Sequence[str]) -> None:
    if len(set(rows)) != len(rows):
        twice = next(a for a, b in pairwise(rows) if a == b)
        raise ArgumentError(
            "rows", "must be distinct", got=f"{twice} twice", remedy="leave one out"
        )
    if not 0 < len(rows) < 2 ** len(pins):
        raise ArgumentError(
            "rows",
            f"must be some of the {2 ** len(pins)} states",
            got=f"{len(rows)}: none or all of them need no gate",
        )


def _check_function(rows: tuple[Bits, ...], num_inputs: int) -> None:
    inputs = [row[:num_inputs] for row in rows]
    if len(set(inputs)) != len(rows) or len(rows) != 2**num_inputs:
        raise ArgumentError(
            "rows",
            f"must have every state of the {num_inputs} inputs once",
            got=f"{len(rows)} rows with {len(set(inputs))}",
            remedy="use num_inputs=0 for a relation",
        )
