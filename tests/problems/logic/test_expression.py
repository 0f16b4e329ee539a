"""Boolean expressions: against Python's own evaluation, and every refusal with its place."""

import random
from itertools import product

import numpy as np
import pytest

from pbit.problems.logic.gates.expression import (
    MAX_DEPTH,
    MAX_LENGTH,
    Expression,
    parse,
    parse_outputs,
)


def python_value(text: str, names: tuple[str, ...]) -> list[int]:
    """Referee: Python's operators on 0 and 1, with ~ as 1 - x."""

    class Bit(int):
        def __invert__(self):
            return Bit(1 - self)

        def __and__(self, other):
            return Bit(int(self) & int(other))

        def __or__(self, other):
            return Bit(int(self) | int(other))

        def __xor__(self, other):
            return Bit(int(self) ^ int(other))

    functions = {
        "maj": lambda *bits: Bit(2 * sum(bits) > len(bits)),
        "mux": lambda s, a, b: b if s else a,
        "nand": lambda *bits: Bit(not all(bits)),
        "nor": lambda *bits: Bit(not any(bits)),
        "xnor": lambda *bits: Bit(1 - sum(bits) % 2),
        "zero": Bit(0),
        "one": Bit(1),
    }
    python = text.replace("0", "zero").replace("1", "one")
    rows = product((0, 1), repeat=len(names))
    return [
        int(eval(python, functions | dict(zip(names, map(Bit, row), strict=True)))) for row in rows
    ]


def random_text(rng: random.Random, depth: int) -> str:
    if depth == 0:
        return rng.choice(["a", "b", "c", "d", "d", "c", "0", "1"])
    kind = rng.randrange(8)
    inner = [random_text(rng, depth - 1) for _ in range(3)]
    if kind < 4:
        return f"{inner[0]} {rng.choice('&|^')} {inner[1]}"
    if kind == 4:
        return f"({inner[0]}{rng.choice('&|^')}{inner[1]})"
    if kind == 5:
        return f"~{inner[0]}" if rng.random() < 0.5 else f"~ ( {inner[0]} )"
    return f"{rng.choice(['maj', 'mux', 'nand', 'nor', 'xnor'])}({', '.join(inner)})"


def test_random_expressions_against_python():
    rng = random.Random(3)
    names = ("a", "b", "c", "d")
    for _ in range(400):
        text = random_text(rng, rng.randrange(5))
        tree = parse(text)
        assert tree.truth_table(names).tolist() == python_value(text, names), text
        again = parse(str(tree))
        assert again.truth_table(names).tolist() == tree.truth_table(names).tolist()


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a & b | c", "(a & b) | c"),
        ("a | b & c", "a | (b & c)"),
        ("a ^ b & c", "a ^ (b & c)"),
        ("a | b ^ c", "a | (b ^ c)"),
        ("~a & b", "(~a) & b"),
        ("!a", "~a"),
        ("a == b | c", "xnor(a, b | c)"),
        ("a != b & c", "a ^ (b & c)"),
        ("and(a, b, c)", "a & b & c"),
        ("or(a, b) ^ xor(a, c)", "(a | b) ^ (a ^ c)"),
        ("not(a)", "~a"),
        ("  a\n&\tb ", "a & b"),
    ],
)
def test_precedence_and_forms(text, same):
    names = ("a", "b", "c")
    assert parse(text).truth_table(names).tolist() == parse(same).truth_table(names).tolist()


def test_trees():
    tree = parse("a[3] & b & ~c_1")
    assert (tree.op, len(tree.args), tree.depth) == ("and", 3, 2)
    assert tree.variables == ("a[3]", "b", "c_1")
    assert tree.args[2] == Expression("not", (Expression("name", name="c_1"),))
    assert parse("1") == Expression("constant", value=1)
    assert parse("1").truth_table().tolist() == [1]
    assert parse("1").truth_table(["a"]).tolist() == [1, 1]
    assert parse("(a ^ b) ^ c").args == parse("a ^ b ^ c").args
    assert hash(tree) == hash(parse("a[3]&b&~c_1"))
    assert str(parse("mux(s, a, b == c)")) == "mux(s, a, xnor(b, c))"
    assert parse("z & a & z").variables == ("z", "a")


def test_evaluate_broadcasts():
    tree = parse("maj(a, b, c)")
    a = np.array([[0], [1]])
    assert tree.evaluate({"a": a, "b": [0, 1, 1], "c": True}).tolist() == [[0, 1, 1], [1, 1, 1]]
    with pytest.raises(ValueError, match="values must have every variable, got none for 'c'"):
        tree.evaluate({"a": 0, "b": 1})
    with pytest.raises(ValueError, match="values must be bits 0 or 1, got -1 for 'a'"):
        tree.evaluate({"a": -1, "b": 1, "c": 1})
    with pytest.raises(ValueError, match="values must have every variable, got none for 'a'"):
        tree.truth_table(["b", "c"])


def test_large_truth_tables():
    names = [f"x{k}" for k in range(20)]
    table = parse(" ^ ".join(names)).truth_table()
    assert table.shape == (2**20,) and table.sum() == 2**19
    with pytest.raises(ValueError, match="at most 20 variables, got 21; build a circuit"):
        parse(" & ".join([*names, "y"])).truth_table()


def test_outputs():
    outputs = parse_outputs("s = a ^ b; c = a & b;")
    assert {name: str(tree) for name, tree in outputs.items()} == {"s": "a ^ b", "c": "a & b"}
    assert list(parse_outputs("a & b")) == ["Y"]
    assert list(parse_outputs("a & Y")) == ["out"]
    assert list(parse_outputs("y[0] = a")) == ["y[0]"]


@pytest.mark.parametrize(
    ("text", "position", "rule"),
    [
        ("", 1, "expected a name, 0, 1, '~' or '('"),
        ("   ", 1, "expected a name, 0, 1, '~' or '('"),
        ("a &", 4, "expected a name, 0, 1, '~' or '('"),
        ("a & & b", 5, "expected a name, 0, 1, '~' or '('"),
        ("a && b", 4, "expected a name, 0, 1, '~' or '('"),
        ("(a & b", 7, "expected ')'"),
        ("a & b)", 6, "expected an operator, ';' or the end"),
        ("a b", 3, "expected an operator, ';' or the end"),
        ("a + b", 3, "expected a name, 0, 1, an operator"),
        ("a & 2", 5, "expected a name, 0, 1, an operator"),
        ("a & 10", 5, "expected a name, 0, 1, an operator"),
        ("a & 1b", 5, "expected a name, 0, 1, an operator"),
        ("a[x]", 2, "expected a name, 0, 1, an operator"),
        ("a & ä", 5, "expected a name, 0, 1, an operator"),
        ("a.b", 2, "expected a name, 0, 1, an operator"),
        ("a and b", 3, "expected an operator"),
        ("and & b", 1, "'and' is no name; write '&' for the operator"),
        ("maj | b", 1, "'maj' is a function and no name; write maj(...)"),
        ("open(a)", 1, "expected one of the functions not, and, or"),
        ("mux(a, b)", 1, "expected three arguments (s, a, b) of mux, got 2"),
        ("x & maj(a, b)", 5, "expected an odd number of arguments, 3 or more, of maj, got 2"),
        ("nand(a)", 1, "expected two arguments or more of nand, got 1"),
        ("not(a, b)", 1, "expected one argument of not, got 2"),
        ("nand(a, b", 10, "expected ',' or ')'"),
        ("nand()", 6, "expected a name, 0, 1, '~' or '('"),
        ("a == b == c", 8, "expected parentheses: a == b == c has two readings"),
        ("y = a", 1, "expected one expression without '='; use parse_outputs"),
        ("a; b", 1, "expected one expression without '='; use parse_outputs"),
        ("a = ", 4, "expected a name, 0, 1, '~' or '('"),
        ("(a = b)", 4, "expected ')'"),
    ],
)
def test_refusals_name_place_and_rule(text, position, rule):
    with pytest.raises(ValueError, match="not a Boolean expression") as caught:
        parse(text)
    message = str(caught.value)
    assert f"at character {position}: {rule}" in message
    _, line, caret = message.split("\n")
    assert caret.index("^") == 2 + position - 1
    assert line == f"  {text}"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("s = a; a ^ b", "expected 'name = ...', since there are several outputs"),
        ("s = a; s = b", "output 's' is given twice"),
        ("or = a", "'or' is no name"),
    ],
)
def test_outputs_refuse(text, rule):
    with pytest.raises(ValueError, match=rule):
        parse_outputs(text)


def test_only_text_is_parsed():
    for function in (parse, parse_outputs):
        with pytest.raises(TypeError, match="an expression must be a string, got 3"):
            function(3)


@pytest.mark.parametrize("text", ["(" * 5000 + "a" + ")" * 5000, "~" * 5000 + "a", "not(" * 999])
def test_deep_nesting_is_refused_and_crashes_nothing(text):
    with pytest.raises(ValueError, match=f"nested more than {MAX_DEPTH} deep; split it"):
        parse(text)


def test_deepest_that_is_allowed():
    text = "a" + " == (b | c ^ d & ~(a" * 11 + "))" * 11
    assert parse(text).depth == 55
    assert parse(text).truth_table().size == 16
    deep = "a & (b ^ " * (MAX_DEPTH - 1) + "c" + ")" * (MAX_DEPTH - 1)
    with pytest.raises(ValueError, match="nested more than"):
        parse(deep)  # the tree is deeper than the parentheses


def test_long_text():
    tree = parse("&".join(["a"] * (MAX_LENGTH // 2)))
    assert (tree.depth, len(tree.args)) == (1, MAX_LENGTH // 2)
    with pytest.raises(ValueError, match=f"at most {MAX_LENGTH} characters, got {MAX_LENGTH + 1}"):
        parse("a" * (MAX_LENGTH + 1))


def test_long_text_is_shown_in_part():
    with pytest.raises(ValueError, match="at character 4002") as caught:
        parse("a&" * 2000 + "a$" + "&a" * 2000)
    _, line, caret = str(caught.value).split("\n")
    assert len(line) < 80 and line[caret.index("^")] == "$"
    with pytest.raises(ValueError, match="at character 2") as caught:
        parse("a\x1b[31m")
    assert "\x1b" not in str(caught.value)
