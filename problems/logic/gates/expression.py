"""Boolean expressions: ``(a & b) ^ ~c`` as a tree, without handing any text to Python."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal, NamedTuple, NoReturn

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError

Op = Literal["name", "constant", "not", "and", "or", "xor", "nand", "nor", "xnor", "maj", "mux"]
BoolArray = npt.NDArray[np.bool_]

MAX_LENGTH = 100_000
MAX_DEPTH = 60
MAX_VARIABLES = 20
_SHOWN = 30

_TOKEN = re.compile(
    r"\s*(?:([A-Za-z_][A-Za-z0-9_]*(?:\[[0-9]+\])?)|([01])(?![0-9A-Za-z_])|(==|!=|[&|^~!(),;=]))"
)
_BINARY: dict[str, tuple[int, Op]] = {
    "==": (1, "xnor"),
    "!=": (1, "xor"),
    "|": (2, "or"),
    "^": (3, "xor"),
    "&": (4, "and"),
}
_WORDS = {"and": "&", "or": "|", "xor": "^", "not": "~"}
_FUNCTIONS: dict[str, Op] = {
    name: name for name in ("not", "and", "or", "xor", "nand", "nor", "xnor", "maj", "mux")
}
_FOLDS: dict[str, tuple[Any, bool]] = {  # and whether the result is inverted
    "not": (np.logical_and, True),
    "and": (np.logical_and, False),
    "nand": (np.logical_and, True),
    "or": (np.logical_or, False),
    "nor": (np.logical_or, True),
    "xor": (np.logical_xor, False),
    "xnor": (np.logical_xor, True),
}


@dataclass(frozen=True)
class Expression:
    """A Boolean expression as a tree; made by :func:`parse`.

    Parameters
    ----------
    op : str
        ``"name"``, ``"constant"``, ``"not"``, ``"and"``, ``"or"``, ``"xor"``, ``"nand"``,
        ``"nor"``, ``"xnor"`` (two or more arguments; xnor is not xor), ``"maj"`` (an odd number)
        or ``"mux"`` (s, a, b: b where s, else a).
    args : tuple of Expression
    name : str
        Of a variable.
    value : int
        0 or 1, of a constant.

    Examples
    --------
    >>> tree = parse("(a & b) ^ ~c")
    >>> tree.op, tree.variables, str(tree)
    ('xor', ('a', 'b', 'c'), '(a & b) ^ ~c')
    """

    op: Op
    args: tuple[Expression, ...] = ()
    name: str = ""
    value: int = 0

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the variables, in order of appearance."""
        return tuple(dict.fromkeys(node.name for node in self._leaves() if node.op == "name"))

    @property
    def depth(self) -> int:
        """Operators on the longest way down; 0 for a name."""
        deepest, stack = 0, [(self, 0)]
        while stack:
            node, level = stack.pop()
            deepest = max(deepest, level)
            stack.extend((each, level + 1) for each in node.args)
        return deepest

    def evaluate(self, values: Mapping[str, npt.ArrayLike]) -> npt.NDArray[np.int8]:
        """Value for given bits of the variables, which are broadcast: int8.

        Raises
        ------
        ValueError
            A variable without a value, or a value that is no bit.

        Examples
        --------
        >>> parse("mux(s, a, b)").evaluate({"s": [0, 1], "a": 0, "b": 1}).tolist()
        [0, 1]
        """
        missing = next((name for name in self.variables if name not in values), None)
        if missing is not None:
            raise ArgumentError(
                "values", "must have every variable", got=f"none for {missing!r}", remedy="add it"
            )
        given = {name: np.asarray(values[name]) for name in self.variables}
        for name, bits in given.items():
            if not np.all((bits == 0) | (bits == 1)):
                raise ArgumentError(
                    "values",
                    "must be bits 0 or 1",
                    got=f"{bits!s:.40} for {name!r}",
                    remedy="a spin s is the bit (s + 1) // 2",
                )
        shape = np.broadcast_shapes(*(bits.shape for bits in given.values()))
        bools = {name: bits.astype(bool) for name, bits in given.items()}
        return np.broadcast_to(_value(self, bools), shape).astype(np.int8)

    def truth_table(self, variables: Sequence[str] | None = None) -> npt.NDArray[np.int8]:
        """Values for all states of the variables counting up, the first the highest bit.

        Parameters
        ----------
        variables : sequence of str, optional
            Their order, and possibly more than occur.

        Returns
        -------
        int8, shape (2**number of variables,)

        Raises
        ------
        ValueError
            More than 20 variables, or one that is left out.

        Examples
        --------
        >>> parse("a & ~b").truth_table().tolist()
        [0, 0, 1, 0]
        """
        names = self.variables if variables is None else tuple(variables)
        if len(names) > MAX_VARIABLES:
            raise ValueError(
                f"a truth table takes at most {MAX_VARIABLES} variables, got {len(names)}; "
                "build a circuit"
            )
        numbers = np.arange(2 ** len(names))
        values = {name: numbers >> k & 1 for k, name in enumerate(reversed(names))}
        return np.broadcast_to(self.evaluate(values), numbers.shape).copy()

    def __str__(self) -> str:
        """Text that parses to the same tree."""
        if self.op == "name":
            return self.name
        if self.op == "constant":
            return str(self.value)
        inner = [str(each) for each in self.args]
        if self.op == "not":
            return f"~{_bracketed(self.args[0], inner[0])}"
        sign = {"and": " & ", "or": " | ", "xor": " ^ "}.get(self.op)
        if sign is None:
            return f"{self.op}({', '.join(inner)})"
        return sign.join(
            _bracketed(each, text) for each, text in zip(self.args, inner, strict=True)
        )

    def _leaves(self) -> Iterator[Expression]:
        stack = [self]
        while stack:
            node = stack.pop()
            if not node.args:
                yield node
            stack.extend(reversed(node.args))


def parse(text: str) -> Expression:
    """Tree of a Boolean expression.

    Operators from tight to loose: ``~`` (or ``!``), ``&``, ``^``, ``|``, ``==`` and ``!=``.
    Functions: ``and, or, xor, nand, nor, xnor`` of two arguments and more, ``not`` of one, ``maj``
    of an odd number, ``mux(s, a, b)``, which is b where s is 1, else a. Constants are 0 and 1,
    names ``[A-Za-z_][A-Za-z0-9_]*``, possibly with an index as in ``a[3]``. ``a & b & c`` is one
    AND of three.

    Raises
    ------
    ValueError
        Text that is no expression: the message shows the place and what was expected there. Text
        of more than 100,000 characters or nested more than 60 deep.

    Examples
    --------
    >>> parse("maj(a, b, c) | bus[2]").args[1].name
    'bus[2]'
    """
    if not isinstance(text, str):
        raise TypeError(f"an expression must be a string, got {text!r:.40}")
    statements = _Parser(text).statements()
    name, expression, start = statements[0]
    if len(statements) > 1 or name is not None:
        _fail(text, start, "expected one expression without '='; use parse_outputs")
    return expression


def parse_outputs(text: str) -> dict[str, Expression]:
    """Expressions by the name of their output, as in ``"s = a ^ b; c = a & b"``.

    A single expression may go without a name; its output is ``Y``, or ``out`` where Y is a
    variable.

    Raises
    ------
    ValueError
        As for :func:`parse`; a name given twice, or left out where there are several.

    Examples
    --------
    >>> {name: str(tree) for name, tree in parse_outputs("s = a ^ b; c = a & b").items()}
    {'s': 'a ^ b', 'c': 'a & b'}
    """
    if not isinstance(text, str):
        raise TypeError(f"an expression must be a string, got {text!r:.40}")
    statements = _Parser(text).statements()
    outputs: dict[str, Expression] = {}
    for name, expression, start in statements:
        if name is None and len(statements) > 1:
            _fail(text, start, "expected 'name = ...', since there are several outputs")
        default = "Y" if "Y" not in expression.variables else "out"
        if (name or default) in outputs:
            _fail(text, start, f"output {name!r} is given twice")
        outputs[name or default] = expression
    return outputs


def _bracketed(node: Expression, text: str) -> str:
    return f"({text})" if node.op in ("and", "or", "xor") else text


def _value(node: Expression, values: Mapping[str, BoolArray]) -> BoolArray:
    if node.op == "name":
        return values[node.name]
    if node.op == "constant":
        return np.asarray(bool(node.value))
    args = [_value(each, values) for each in node.args]
    if node.op == "mux":
        return np.where(args[0], args[2], args[1])
    if node.op == "maj":
        total = sum(arg.astype(np.int64) for arg in args)
        return np.asarray(2 * total > len(args))
    fold, inverted = _FOLDS[node.op]
    result: BoolArray = reduce(fold, args)
    return ~result if inverted else result


class _Token(NamedTuple):
    kind: str  # "name", "constant", "end" or the sign itself
    text: str
    start: int


def _tokens(text: str) -> Iterator[_Token]:
    if len(text) > MAX_LENGTH:
        raise ValueError(
            f"an expression must have at most {MAX_LENGTH} characters, got {len(text)}; "
            "split it into several outputs"
        )
    position, end = 0, len(text.rstrip())
    while position < end:
        found = _TOKEN.match(text, position)
        if found is None:
            start = position + len(text[position:]) - len(text[position:].lstrip())
            _fail(text, start, "expected a name, 0, 1, an operator & | ^ ~ == != or parentheses")
        name, constant, sign = found.groups()
        kind = "name" if name else "constant" if constant else sign
        yield _Token(kind, name or constant or sign, found.end() - len(name or constant or sign))
        position = found.end()
    yield _Token("end", "", end)


class _Parser:
    """Precedence climbing; recursion is bounded by MAX_DEPTH."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_tokens(text))
        self.at = 0
        self.level = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def fail(self, rule: str, token: _Token | None = None) -> NoReturn:
        _fail(self.text, (token or self.token).start, rule)

    def take(self, kind: str, rule: str) -> None:
        if self.token.kind != kind:
            self.fail(rule)
        self.at += 1

    def statements(self) -> list[tuple[str | None, Expression, int]]:
        found = []
        while True:
            start, name = self.token, None
            if start.kind == "name" and self.tokens[self.at + 1].kind == "=":
                _check_name(self, start)
                name, self.at = start.text, self.at + 2
            expression = self.expression(0)
            if expression.depth > MAX_DEPTH:
                self.fail(f"nested more than {MAX_DEPTH} deep; split it into outputs", start)
            found.append((name, expression, start.start))
            if self.token.kind == ";":
                self.at += 1
            if self.token.kind == "end":
                return found
            if self.tokens[self.at - 1].kind != ";":
                self.fail("expected an operator, ';' or the end")

    def expression(self, least: int) -> Expression:
        # Chains of one operator are one node, so that they do not nest.
        left = self.operand()
        chain: Op | None = None
        args: list[Expression] = []
        while self.token.kind in _BINARY:
            rank, op = _BINARY[self.token.kind]
            if rank < least:
                break
            self.at += 1
            right = self.expression(rank + 1)
            if rank == 1 and self.token.kind in ("==", "!="):
                self.fail("expected parentheses: a == b == c has two readings")
            if op != chain:
                left = left if chain is None else Expression(chain, tuple(args))
                chain, args = op, list(left.args if op != "xnor" and left.op == op else (left,))
            args.append(right)
        return left if chain is None else Expression(chain, tuple(args))

    def operand(self) -> Expression:
        token = self.token
        self.level += 1
        if self.level > MAX_DEPTH:
            self.fail(f"nested more than {MAX_DEPTH} deep; split it into outputs")
        if token.kind in ("~", "!"):
            self.at += 1
            result = Expression("not", (self.operand(),))
        elif token.kind == "(":
            self.at += 1
            result = self.expression(0)
            self.take(")", "expected ')'")
        elif token.kind == "name" and self.tokens[self.at + 1].kind == "(":
            result = self.call()
        elif token.kind == "name":
            _check_name(self, token)
            self.at += 1
            result = Expression("name", name=token.text)
        elif token.kind == "constant":
            self.at += 1
            result = Expression("constant", value=int(token.text))
        else:
            self.fail("expected a name, 0, 1, '~' or '('")
        self.level -= 1
        return result

    def call(self) -> Expression:
        token = self.token
        if token.text not in _FUNCTIONS:
            self.fail(f"expected one of the functions {', '.join(_FUNCTIONS)}")
        op = _FUNCTIONS[token.text]
        self.at += 2
        args = [self.expression(0)]
        while self.token.kind == ",":
            self.at += 1
            args.append(self.expression(0))
        self.take(")", "expected ',' or ')'")
        rule = _rule_of(op, len(args))
        if rule:
            self.fail(f"expected {rule} of {op}, got {len(args)}", token)
        return Expression(op, tuple(args))


def _rule_of(op: Op, count: int) -> str:
    """What is wrong with this number of arguments; empty if nothing is."""
    if op == "not":
        return "" if count == 1 else "one argument"
    if op == "mux":
        return "" if count == 3 else "three arguments (s, a, b)"
    if op == "maj":
        return "" if count % 2 and count > 1 else "an odd number of arguments, 3 or more,"
    return "" if count > 1 else "two arguments or more"


def _check_name(parser: _Parser, token: _Token) -> None:
    if token.text in _WORDS:
        parser.fail(f"{token.text!r} is no name; write {_WORDS[token.text]!r} for the operator")
    if token.text in _FUNCTIONS:
        parser.fail(f"{token.text!r} is a function and no name; write {token.text}(...)")


def _fail(text: str, position: int, rule: str) -> NoReturn:
    """Raise with the text around the place and a caret under it."""
    first = max(0, position - _SHOWN)
    last = min(len(text), position + _SHOWN)
    before = ("..." if first else "") + text[first:position]
    line = before + text[position:last] + ("..." if last < len(text) else "")
    line = "".join(c if c.isprintable() else " " for c in line)
    raise ValueError(
        f"not a Boolean expression at character {position + 1}: {rule}\n  {line}\n"
        f"  {' ' * len(before)}^"
    )
