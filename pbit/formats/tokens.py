"""Text of a problem file: one newline convention, and the lines that carry data."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pbit.formats.errors import FormatError, shown

_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_CHUNK = 2**22
_COMMENT = re.compile(rb"[#%]|c(?=[ \t]|$)")
_BLANK_LINES = re.compile(rb"\n[ \t\n]*\n")
_COMMENT_LINES = re.compile(rb"^[ \t]*(?:[#%]|c(?=[ \t]|$))[^\n]*", re.MULTILINE)

# First bytes of files that people hand over by mistake, and what to do about each.
_FOREIGN = (
    (b"DIMOD", "a dimod binary file", "read it with format='bqm'"),
    (b"\xfd7zXZ", "an xz archive", "unpack it with 'xz -d'"),
    (b"BZh", "a bzip2 archive", "unpack it with 'bzip2 -d'"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", "unpack it with 'zstd -d'"),
    (b"PK\x03\x04", "a zip archive (or .npz)", "leave the format out or name an array format"),
    (b"\x1f\x8b", "gzip inside gzip", "unpack it once with 'gzip -d'"),
    (b"\x93NUMPY", "a NumPy array", "read it with format='matrix'"),
    (b"%%MatrixMarket", "a Matrix Market file", "delete all lines before the entries"),
    (b"MATLAB 5.0", "a MATLAB file", "read it with format='matrix'"),
    (b"\x89HDF", "an HDF5 file (or MATLAB's v7.3)", "save it with -v7"),
    (b"%PDF-", "a PDF", "take the numbers from the data that came with it"),
    (b"<!DOCTYPE", "a web page", "download the file itself"),
    (b"<html", "a web page", "download the file itself"),
)


def clean(data: bytes, name: str) -> bytes:
    r"""Return `data` without byte-order mark and with "\n" as its only newline.

    Raises
    ------
    FormatError
        Empty, UTF-16, another known file type, or a NUL byte.
    """
    data = data.removeprefix(_BOM)
    for magic, what, remedy in _FOREIGN:
        if data.startswith(magic):
            raise FormatError(name, None, f"this is {what}, expected a text file; {remedy}")
    if data[257:262] == b"ustar":
        raise FormatError(name, None, "this is a tar archive; unpack it and read one member")
    if _is_utf16(data):
        raise FormatError(name, 1, "this is UTF-16 text, expected ASCII; convert it with 'iconv'")
    nul = data.find(b"\0")
    if nul >= 0:
        text = data[:nul]
        line = text.count(b"\n") + text.count(b"\r") - text.count(b"\r\n") + 1
        raise FormatError(name, line, "NUL byte, expected text; this is binary or a damaged file")
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if not data or data.isspace():
        raise FormatError(name, None, "the file is empty, expected a problem; check the path")
    return data


def _is_utf16(data: bytes) -> bool:
    even, odd = data[0:64:2], data[1:64:2]
    return data.startswith(_UTF16_BOMS) or (
        len(data) >= 4 and any(data[:64]) and (not any(even) or not any(odd))
    )


class Line(NamedTuple):
    """One line: its number (from 1), its text without outer blanks, where the next one starts."""

    number: int
    text: bytes
    end: int

    @property
    def is_comment(self) -> bool:
        return _COMMENT.match(self.text) is not None


class Body(NamedTuple):
    """A stretch `data[start:stop]` of a text file; its first line has number `line`."""

    data: bytes
    name: str
    start: int
    stop: int
    line: int

    def all_lines(self) -> Iterator[Line]:
        """Yield every line, blank ones and comments included."""
        position, number = self.start, self.line
        while position < self.stop:
            newline = self.data.find(b"\n", position, self.stop)
            end = self.stop if newline < 0 else newline
            yield Line(number, self.data[position:end].strip(), min(end + 1, self.stop))
            position, number = end + 1, number + 1

    def lines(self) -> Iterator[Line]:
        """Yield the lines that carry data."""
        return (line for line in self.all_lines() if line.text and not line.is_comment)

    def after(self, line: Line) -> "Body":
        """Return what follows `line`."""
        return self._replace(start=line.end, line=line.number + 1)

    def chunks(self) -> Iterator["Body"]:
        """Yield pieces of a few MiB that end with a line: one bad line costs one slow piece."""
        start, line = self.start, self.line
        while start < self.stop:
            newline = self.data.find(b"\n", min(start + _CHUNK, self.stop), self.stop)
            stop = self.stop if newline < 0 else newline + 1
            yield self._replace(start=start, stop=stop, line=line)
            line += self.data.count(b"\n", start, stop)
            start = stop

    def without_comments(self) -> bytes:
        """Return the text with every comment line emptied."""
        text = self.data[self.start : self.stop]
        may_comment = b"#" in text or b"%" in text or b"c" in text
        return _COMMENT_LINES.sub(b"", text) if may_comment else text

    def count_lines(self) -> int:
        """Return the number of lines that carry data."""
        text = _BLANK_LINES.sub(b"\n", self.without_comments().strip())
        return text.count(b"\n") + 1 if text else 0


def whole(data: bytes, name: str) -> Body:
    """Return all of a cleaned text as one body."""
    return Body(data, name, 0, len(data), 1)


def first_line(body: Body) -> Line:
    """Return the first line that carries data.

    Raises
    ------
    FormatError
        There is none.
    """
    for line in body.lines():
        return line
    raise FormatError(body.name, body.line, "nothing but comments, expected entries 'i j weight'")


def wrong(body: Body, line: Line, problem: str) -> FormatError:
    """Return the error for `line`, with its text shown before `problem`."""
    return FormatError(body.name, line.number, f"{shown(line.text)}: {problem}")
