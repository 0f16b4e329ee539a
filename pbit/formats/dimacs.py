"""What files of DIMACS share: each line that begins with a c is a comment, blank or not."""

import re

from pbit.formats.tokens import Body, Line, clean, whole

_COMMENT = re.compile(rb"^[ \t]*c[^\n]*", re.MULTILINE)


def dimacs_body(data: bytes, name: str) -> Body:
    """Return the text with its comments emptied, line by line as before.

    Examples
    --------
    >>> dimacs_body(b"c1\\np cnf 1 1\\n-1 0\\n", "a.cnf").data
    b'\\np cnf 1 1\\n-1 0\\n'
    """
    return whole(_COMMENT.sub(b"", clean(data, name)), name)


def first_of(body: Body) -> Line | None:
    """Return the first line that is no comment of DIMACS, None if there is none."""
    return next((line for line in body.lines() if not line.text.startswith(b"c")), None)
