"""Tokens of LP files: numbers, names, signs, each with its line and column."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from pbit.formats.errors import FormatError, shown
from pbit.formats.milp import LONGEST_NAME, Place

_FIRST = r"A-Za-z_!\"#$%&(),;?@'`{}~|"
_NAME = rf"[{_FIRST}][{_FIRST}0-9./]*"
# What stands in brackets without a blank before them belongs to the name: x[0], flow[a,b].
_INDEX = rf"\[[^\[\]\s*^<>=:\\]*\][{_FIRST}0-9./]*"
NUMBER = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_TOKEN = re.compile(
    rf"(?P<line>\n)|(?P<blank>[ \t\f\v]+|\\[^\n]*)|(?P<number>{NUMBER})"
    r"|(?P<sense><=|=<|>=|=>|<|>|=)|(?P<mark>::|->|[-+:*/^\[\]])"
    rf"|(?P<name>{_NAME}(?:{_INDEX})*)|(?P<other>.)"
)
NAME = re.compile(f"{_NAME}(?:{_INDEX})*")
_LONGEST_NUMBER = 400
# Letters that could continue a number, as in "3 e5".
_LIKE_EXPONENT = re.compile(r"[eE][0-9]*")
INFINITE = ("inf", "infinity")

TWO_WORDS = {
    ("subject", "to"): "rows",
    ("such", "that"): "rows",
    ("lazy", "constraints"): "lazy constraints",
    ("user", "cuts"): "user cuts",
    ("general", "constraints"): "general constraints",
    ("general", "constraint"): "general constraints",
}
SECTIONS = {
    **dict.fromkeys(("st", "st.", "s.t."), "rows"),
    **dict.fromkeys(("bounds", "bound"), "bounds"),
    **dict.fromkeys(("generals", "general", "gen", "integers", "integer", "int"), "integer"),
    **dict.fromkeys(("binaries", "binary", "bin"), "binary"),
    **dict.fromkeys(("semis", "semi"), "semi-continuous variables"),
    **dict.fromkeys(("gencons", "genconstr"), "general constraints"),
    **dict.fromkeys(("pwlobj", "pwl"), "piecewise-linear objectives"),
    **dict.fromkeys(("scenario", "scenarios"), "scenarios"),
    **dict.fromkeys(("sos1", "sos2"), "SOS of this form"),
    "sos": "sos",
    "end": "end",
}


class Token(NamedTuple):
    """A number, name, sense or mark; `first` in its line, or not. The end is of kind ""."""

    kind: str
    text: str
    place: Place
    first: bool

    @property
    def word(self) -> str:
        """The text in small letters if it is a name."""
        return self.text.lower() if self.kind == "name" else ""


def is_name(text: str) -> bool:
    """Return whether an LP file can hold this as a name that every reader takes for one.

    Examples
    --------
    >>> is_name("x[0]"), is_name("e5"), is_name("free"), is_name("2x")
    (True, False, False, False)
    """
    if len(text) > LONGEST_NAME or not text.isascii() or not NAME.fullmatch(text):
        return False
    reserved = text.lower() in {*SECTIONS, *INFINITE, "free", "subject", "such", "lazy", "user"}
    return not reserved and not _LIKE_EXPONENT.fullmatch(text)


class Tokens:
    """Tokens of a text in turn, with a look at those to come.

    Parameters
    ----------
    text : str
    name : str
        Of the file.
    """

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self._coming = self._found(text)
        self._seen: deque[Token] = deque()

    def peek(self, ahead: int = 0) -> Token:
        """Return a token to come; past the end, one of kind ""."""
        while len(self._seen) <= ahead:
            self._seen.append(next(self._coming))
        return self._seen[ahead]

    def next(self) -> Token:
        """Return the next token and go past it."""
        token = self.peek()
        self._seen.popleft()
        return token

    def wrong(self, token: Token, problem: str) -> FormatError:
        """Return the error for a token, its text before `problem`."""
        what = shown(token.text) if token.kind else "the file ends here"
        return FormatError(
            self.name, token.place.line, f"{what}: {problem}", column=token.place.column
        )

    def section(self) -> tuple[str, int]:
        """Return the section that begins here and the tokens of its title, or "" and 0.

        A title begins a line and is no label.
        """
        token = self.peek()
        if not token.first or token.kind != "name":
            return "", 0
        second = self.peek(1)
        pair = TWO_WORDS.get((token.word, second.word))
        if pair is not None and not second.first:
            return pair, 2
        if token.word not in SECTIONS or second.text in (":", "::"):
            return "", 0
        if token.word == "semi" and second.text == "-":
            return SECTIONS["semi"], 3
        return SECTIONS[token.word], 1

    def _found(self, text: str) -> Iterator[Token]:
        line, start, first = 1, 0, True
        for match in _TOKEN.finditer(text):
            kind = match.lastgroup or ""
            if kind == "blank":
                continue
            if kind == "line":
                line, start, first = line + 1, match.end(), True
                continue
            token = Token(kind, match[0], Place(line, match.start() - start + 1), first)
            self._check(token)
            yield token
            first = False
        end = Token("", "", Place(line, len(text) - start + 1), True)
        while True:
            yield end

    def _check(self, token: Token) -> None:
        if token.kind == "other":
            raise self.wrong(token, "expected a name, a number or a sign; rename it")
        longest = _LONGEST_NUMBER if token.kind == "number" else LONGEST_NAME
        if len(token.text) > longest:
            raise self.wrong(token, f"{len(token.text)} characters, expected at most {longest}")
