"""Sums of terms in LP files, and what is wrong where one cannot go on."""

from __future__ import annotations

from pbit.formats.errors import FormatError
from pbit.formats.lp_tokens import SECTIONS, Tokens
from pbit.formats.milp import Columns, Expression
from pbit.formats.numerals import finite


class TermReader:
    """Reads sums of terms.

    Parameters
    ----------
    tokens : Tokens
    columns : Columns
        Variables are put there when they are first named.
    """

    def __init__(self, tokens: Tokens, columns: Columns) -> None:
        self.tokens, self.columns = tokens, columns

    def wrong(self, problem: str) -> FormatError:
        """Return the error for the next token."""
        return self.tokens.wrong(self.tokens.peek(), problem)

    def unexpected(self, instead: str) -> FormatError:
        """Say what else could have stood here, after a term."""
        token = self.tokens.peek()
        term = token.kind in ("number", "name") or token.text == "["
        if term and not self.tokens.section()[0]:
            return self.wrong(
                f"after a term, expected '+' or '-' before the next one, or {instead}; "
                "put the sign between them"
            )
        if token.text == "->":
            return self.wrong("a condition on a constraint; write it as a linear constraint")
        return self.wrong(f"expected {instead}; correct it")

    def expression(self, *, halved: bool) -> Expression:
        """Return a sum of terms and constants; `halved` says that brackets end with ``/ 2``."""
        found, first = Expression(), True
        while True:
            sign, signed = self.signs()
            if not (signed or first) or not self._term(found, sign, halved=halved):
                if signed:
                    raise self.wrong("expected a number, a variable or '[' after the sign")
                return found
            first = False

    def signs(self) -> tuple[float, bool]:
        """Go past signs; return their product and whether there are any."""
        sign, signed = 1.0, False
        while self.tokens.peek().text in ("+", "-"):
            sign, signed = (-sign if self.tokens.next().text == "-" else sign), True
        return sign, signed

    def _term(self, found: Expression, sign: float, *, halved: bool) -> bool:
        """Go past one term without its sign; return whether there is one."""
        token = self.tokens.peek()
        try:
            if token.text == "[":
                self._brackets(found, sign, halved=halved)
            elif token.kind == "number":
                value = sign * self.number()
                if self.is_variable():
                    found.add(self.variable(), value)
                else:
                    found.shift(value)
            elif self.is_variable():
                found.add(self.variable(), sign)
            else:
                return False
        except OverflowError as error:
            raise self.tokens.wrong(token, "terms add up beyond float64; scale them") from error
        return True

    def is_variable(self) -> bool:
        """Return whether a name comes that is neither a label nor the title of a section."""
        if self.tokens.peek().kind != "name" or self.tokens.peek(1).text in (":", "::"):
            return False
        return not self.tokens.section()[0]

    def variable(self) -> int:
        """Go past a name and return the number of its column."""
        token = self.tokens.next()
        if token.word in SECTIONS:
            raise self.tokens.wrong(token, "a title begins a line; rename it if it is a variable")
        return self.columns.number(token.text, token.place)

    def number(self) -> float:
        """Go past a number and return its value."""
        token = self.tokens.next()
        value = finite(token.text)
        if value is None:
            raise self.tokens.wrong(token, "float64 does not hold this number; scale it")
        return value

    def _brackets(self, found: Expression, sign: float, *, halved: bool) -> None:
        """Products in ``[ ... ] / 2`` of an objective or ``[ ... ]`` of a row."""
        self.tokens.next()
        factor, first = (0.5 if halved else 1.0), True
        while self.tokens.peek().text != "]":
            own, signed = self.signs()
            if not (signed or first):
                raise self.unexpected("']'")
            self._product(found, sign * own, factor)
            first = False
        if first:
            raise self.wrong("expected products such as 2 x * y between [ and ]; leave [ ] out")
        self.tokens.next()
        self._half(halved)

    def _product(self, found: Expression, sign: float, factor: float) -> None:
        token = self.tokens.peek()
        value = sign * (self.number() if token.kind == "number" else 1.0)
        part = value * factor
        if part / factor != value:
            raise self.tokens.wrong(token, "float64 does not hold half of this; scale it")
        if not self.is_variable():
            raise self.wrong("expected a variable, as in 2 x * y or x ^ 2, between [ and ]")
        first = self.variable()
        mark = self.tokens.next()
        if mark.text == "^":
            power = self.tokens.next()
            if power.text != "2":
                raise self.tokens.wrong(power, "expected the power 2; write other powers as rows")
            second = first
        elif mark.text == "*" and self.is_variable():
            second = self.variable()
        else:
            raise self.tokens.wrong(
                mark, "expected '* variable' or '^ 2' between [ and ]; move linear terms out"
            )
        found.multiply(first, second, part)

    def _half(self, halved: bool) -> None:
        """Go past ``/ 2``, which objectives have and rows have not."""
        if halved != (self.tokens.peek().text == "/"):
            problem = "expected '/ 2' after ']' in an objective; products there are halved"
            other = "expected no '/' in a constraint; products there are not halved"
            raise self.wrong(problem if halved else other)
        if halved:
            self.tokens.next()
            if self.tokens.peek().text != "2":
                raise self.wrong("expected 2 after '/'; products in an objective are halved")
            self.tokens.next()
