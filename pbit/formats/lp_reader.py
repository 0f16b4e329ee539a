"""LP files: a programme from its tokens, each of which is used or refused."""

from __future__ import annotations

import math

from pbit.formats.errors import FormatError
from pbit.formats.lp_terms import TermReader
from pbit.formats.lp_tokens import INFINITE, Token, Tokens
from pbit.formats.milp import Column, Milp, OneOf, Place, Row, new_name

SENSES = {
    **dict.fromkeys(("minimize", "minimise", "minimum", "min"), False),
    **dict.fromkeys(("maximize", "maximise", "maximum", "max"), True),
}
Limits = list[tuple[float | None, str]]
"""What stands left and right of an expression, and the sign between, "<", ">" or "="."""
_UP, _DOWN = ("<=", "<", "=<"), (">=", ">", "=>")
_REMEDIES = {
    "lazy constraints": "list them under Subject To, where they say the same",
    "user cuts": "leave them out, or list them under Subject To",
    "semi-continuous variables": "write a bit that switches each of them",
    "general constraints": "write them as linear constraints",
    "piecewise-linear objectives": "write them as linear constraints",
    "scenarios": "write one file for each",
    "SOS of this form": "list sets under SOS as 'name: S1 :: x:1 y:2'",
}


class LpReader:
    """Reads one LP file.

    Parameters
    ----------
    text : str
    name : str
        Of the file.
    """

    def __init__(self, text: str, name: str) -> None:
        self.tokens = Tokens(text, name)
        self.milp = Milp(name)
        self.terms = TermReader(self.tokens, self.milp.columns)
        self._names: set[str] = set()
        self._kinds: dict[str, Token] = {}
        self._titled = False

    def read(self) -> Milp:
        """Return what the file says.

        Raises
        ------
        FormatError
            At the first token that has no meaning here.
        """
        self._objective()
        parts = {
            "rows": self._rows,
            "bounds": self._bounds,
            "integer": self._integers,
            "binary": self._binaries,
            "sos": self._sets,
        }
        while (section := self._title()) != "end":
            if section not in parts:
                raise self._unknown(section)
            while self.tokens.peek().kind and not self.tokens.section()[0]:
                parts[section]()
        self.tokens.next()
        if self.tokens.peek().kind:
            raise self.terms.wrong("expected nothing after End; move it before End")
        self._name_the_rest()
        return self.milp

    def _unknown(self, section: str) -> FormatError:
        """Refuse a section that has no place here."""
        remedy = _REMEDIES.get(section)
        if remedy is None:
            return self.terms.wrong("expected a section such as Bounds, or End in the last line")
        return self.terms.wrong(f"{section} are not read; {remedy}")

    def _title(self) -> str:
        """Go past the title of a section and return what it is; End stays."""
        section, count = self.tokens.section()
        if not section or section in _REMEDIES or section == "end":
            return section
        for _ in range(count):
            self.tokens.next()
        self._titled = True
        return section

    # The objective.

    def _objective(self) -> None:
        if self.tokens.section()[0] == "rows":
            return  # dimod leaves out an empty objective
        token = self.tokens.next()
        if token.word not in SENSES:
            raise self.tokens.wrong(token, "expected Minimize or Maximize at the beginning")
        self.milp.maximise = SENSES[token.word]
        name = self._label()
        self.milp.objective_name = name.text if name is not None else ""
        self.milp.objective = self.terms.expression(halved=True)
        if not self.tokens.section()[0]:
            raise self.terms.unexpected("the next section at the beginning of a line")

    def _label(self) -> Token | None:
        """Go past ``name:`` if it is there."""
        token = self.tokens.peek()
        if token.kind != "name" or self.tokens.peek(1).text != ":":
            return None
        self.tokens.next()
        self.tokens.next()
        return token

    # Constraints.

    def _rows(self) -> None:
        begin = self._beginning("a constraint")
        label = self._label()
        name = self._new_name(label)
        left = self._limit()
        first = self._sense("<=, >= or =") if left is not None else ""
        found = self.terms.expression(halved=False)
        if not found.linear and not found.products:
            raise self.terms.unexpected("a variable in the constraint")
        if left is None or self.tokens.peek().kind == "sense":
            second = self._sense("<=, >= or =")
            limits = [(left, first), (self._right(), second)]
        else:
            limits = [(left, first)]
        self._end_of("constraint")
        ends = self._ends(limits, begin)
        if ends == (-math.inf, math.inf):
            raise self.tokens.wrong(begin, "no limit but infinity; leave it out")
        self.milp.rows.append(Row(name, found, *ends, begin.place))

    def _new_name(self, label: Token | None) -> str:
        """Return the name of a constraint or set; those without one get it at the end."""
        if label is None:
            return ""
        if label.text in self._names:
            raise self.tokens.wrong(label, "a second constraint or set of this name; rename it")
        self._names.add(label.text)
        return label.text

    def _name_the_rest(self) -> None:
        for number, row in enumerate(self.milp.rows, 1):
            row.name = row.name or new_name(f"c{number}", self._names)
        for number, one in enumerate(self.milp.sets, 1):
            one.name = one.name or new_name(f"s{number}", self._names)

    def _beginning(self, what: str) -> Token:
        token, titled = self.tokens.peek(), self._titled
        self._titled = False
        if not (token.first or titled):
            raise self.terms.unexpected(f"{what} on a line of its own")
        return token

    def _end_of(self, what: str) -> None:
        """Refuse what follows a complete statement on its line."""
        if not self.tokens.peek().first:
            raise self.terms.unexpected(f"the end of the {what}: the next one begins a new line")

    def _sense(self, expected: str) -> str:
        token = self.tokens.peek()
        if token.kind != "sense":
            raise self.terms.unexpected(expected)
        text = self.tokens.next().text
        return "<" if text in _UP else ">" if text in _DOWN else "="

    def _limit(self) -> float | None:
        """Go past ``number sense``'s number; None if the statement begins otherwise."""
        ahead = 0
        while self.tokens.peek(ahead).text in ("+", "-"):
            ahead += 1
        token, after = self.tokens.peek(ahead), self.tokens.peek(ahead + 1)
        number = token.kind == "number" or token.word in INFINITE
        return self._right() if number and after.kind == "sense" else None

    def _right(self) -> float:
        """Return a number with its sign, infinity among them."""
        sign, _ = self.terms.signs()
        token = self.tokens.peek()
        if token.word in INFINITE:
            self.tokens.next()
            return sign * math.inf
        if token.kind != "number":
            raise self.terms.wrong("expected a number; bring variables to the other side")
        return sign * self.terms.number()

    def _ends(self, limits: Limits, begin: Token) -> tuple[float, float]:
        """Return the least and the largest value from ``limit sense x`` and ``x sense limit``."""
        low, high = -math.inf, math.inf
        given = [limit for limit in limits if limit[0] is not None]
        if len(given) == 2 and (given[0][1] != given[1][1] or given[0][1] == "="):
            raise self.tokens.wrong(begin, "expected 'low <= x <= high' with two signs of one kind")
        for position, (value, sense) in enumerate(limits):
            if value is None:
                continue
            is_low = sense == (">" if position else "<")
            if sense == "=" or is_low:
                low = value
            if sense == "=" or not is_low:
                high = value
        if low > high or low == math.inf or high == -math.inf:
            raise self.tokens.wrong(begin, f"no value lies in {low:g}..{high:g}; correct it")
        return low, high

    # Bounds and kinds.

    def _bounds(self) -> None:
        begin = self._beginning("a bound")
        left = self._limit()
        sense = self._sense("<=, >= or =") if left is not None else ""
        if not self.terms.is_variable():
            raise self.terms.wrong("expected a variable, as in 0 <= x <= 4; move sums up")
        place = self.tokens.peek().place
        column = self.milp.columns.listed[self.terms.variable()]
        if left is None and self.tokens.peek().word == "free":
            self.tokens.next()
            self._set(column, place, -math.inf, math.inf)
        else:
            limits: Limits = [(left, sense)]
            if left is None or self.tokens.peek().kind == "sense":
                second = self._sense("<=, >=, = or free")
                limits.append((self._right(), second))
            self._set(column, place, *self._bound_ends(limits, begin))
        self._end_of("bound")

    def _bound_ends(self, limits: Limits, begin: Token) -> tuple[float | None, float | None]:
        """Return the bounds; None where nothing is said of one."""
        senses = {position: sense for position, (value, sense) in enumerate(limits)
                  if value is not None}  # fmt: skip
        if len(senses) == 2 or "=" in senses.values():
            return self._ends(limits, begin)
        ((position, sense),) = senses.items()
        value = limits[position][0]
        return (value, None) if sense == (">" if position else "<") else (None, value)

    def _set(self, column: Column, place: Place, low: float | None, high: float | None) -> None:
        if low is not None:
            self.milp.bound(column, place, low=True, value=low)
        if high is not None:
            self.milp.bound(column, place, low=False, value=high)

    def _integers(self) -> None:
        self._listed("integer")

    def _binaries(self) -> None:
        self._listed("binary")

    def _listed(self, kind: str) -> None:
        token = self.tokens.peek()
        if not self.terms.is_variable():
            raise self.terms.wrong("expected names of variables")
        column = self.milp.columns.listed[self.terms.variable()]
        before = self._kinds.setdefault(token.text, token)
        if column.kind not in ("real", kind):
            raise self.tokens.wrong(
                token,
                f"listed as {column.kind} in line {before.place.line}, expected one kind; leave "
                "one of them out",
            )
        column.kind = kind

    # Sets.

    def _sets(self) -> None:
        begin = self._beginning("a set")
        label = self._label()
        kind = self.tokens.next()
        if kind.word not in ("s1", "s2") or self.tokens.next().text != "::":
            raise self.tokens.wrong(kind, "expected a set such as 'name: S1 :: x:1 y:2'")
        if kind.word == "s2":
            raise self.tokens.wrong(
                kind, "SOS2 is not read; write x1 + x3 <= 1 for members that are not neighbours"
            )
        name = self._new_name(label)
        self.milp.sets.append(OneOf(name, begin.place, self._members(kind)))

    def _members(self, kind: Token) -> tuple[int, ...]:
        """Return the columns of ``x:1 y:2``; weights order them, which means nothing for S1."""
        members: dict[int, None] = {}
        while self._is_member():
            token = self.tokens.next()
            self.tokens.next()
            self._right()
            number = self.milp.columns.number(token.text, token.place)
            if number in members:
                raise self.tokens.wrong(token, "a second time in this set; leave it out")
            members[number] = None
        self._end_of("set")
        if not members:
            raise self.tokens.wrong(kind, "a set without members, expected 'x:1 y:2'; add them")
        return tuple(members)

    def _is_member(self) -> bool:
        token, mark, weight = (self.tokens.peek(ahead) for ahead in range(3))
        number = weight.kind == "number" or weight.text in ("+", "-")
        return token.kind == "name" and mark.text == ":" and number
