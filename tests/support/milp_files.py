"""LP and MPS files for tests: free cards put into the columns of fixed ones, marks of places."""

import io
import itertools

from pbit.formats import read
from pbit.problems.core.reading import problem_of

STARTS = (1, 4, 14, 24, 39, 49)  # of the fields of a card, from 0
SHORT = ("ROWS", "BOUNDS")  # sections whose cards have a first field


def fixed(free):
    """The same file with its fields in the columns of the old cards."""
    lines, section = [], ""
    for line in free.splitlines():
        fields = line.split()
        if not line.startswith(" "):
            section = fields[0]
            lines.append(line)
            continue
        if fields[1:2] == ["'MARKER'"]:
            lines.append(card({1: fields[0], 2: fields[1], 4: fields[2]}))
        elif section in SHORT or fields[0] in ("S1", "S2"):
            lines.append(card(dict(enumerate(fields))))
        elif section == "OBJSENSE" or len(fields) % 2:
            lines.append(card(dict(enumerate(fields, 1))))
        else:
            lines.append(card(dict(enumerate(fields, 2))))
    return "\n".join(lines) + "\n"


def card(fields):
    """A card with texts at the numbers of their fields."""
    line = ""
    for number, text in sorted(fields.items()):
        line = line.ljust(STARTS[number]) + text
    return line


def marked(text, sign="§"):
    """The text without its one sign, and the line and column where it stood."""
    before, after = text.split(sign)
    return before + after, before.count("\n") + 1, len(before) - before.rfind("\n")


def contents_of(text, **options):
    """What is read from a text."""
    return read(io.BytesIO(text.encode()), **options)


def best_of(text, **options):
    """The best objective of all answers in the file, by trying them all; None without one."""
    problem = problem_of(contents_of(text, **options))
    low, high = problem.program.low.tolist(), problem.program.high.tolist()
    found = [
        problem.objective(problem.answer(values))
        for values in itertools.product(*(range(a, b + 1) for a, b in zip(low, high, strict=True)))
        if problem.check(values)
    ]
    if not found:
        return None
    return max(found) if problem.maximise else min(found)


def said(contents):
    """All that contents say, in plain data that can be compared."""
    cqm = contents.cqm

    def expression(given):
        products = {frozenset((u, v)): float(b) for u, v, b in given.iter_quadratic()}
        linear = {v: float(given.get_linear(v)) for v in given.variables}
        used = {v: bias for v, bias in linear.items() if bias}
        return used, {pair: bias for pair, bias in products.items() if bias}, float(given.offset)

    return (
        [
            (v, cqm.vartype(v).name, float(cqm.lower_bound(v)), float(cqm.upper_bound(v)))
            for v in cqm.variables
        ],
        expression(cqm.objective),
        [
            (label, expression(row.lhs), row.sense.value, float(row.rhs))
            for label, row in cqm.constraints.items()
        ],
        contents.maximise,
        contents.objective_name,
    )
