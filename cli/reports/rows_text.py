"""Rows and images as text that fits a terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pbit.cli.rows_file import ShownRows

_WIDTH = 80
_GAP = 2
_LINES = 48
_MOST_ROWS = 20
_HALVES = " ▄▀█"  # by 2 x the upper pixel + the lower one


def text_of(rows: ShownRows) -> str:
    """Images side by side where rows are some that fit, else zeros and ones; what fits."""
    if rows.shape is not None and rows.shape[1] <= _WIDTH:
        return _images(rows)
    lines = [",".join(map(str, bits)) for bits in rows.bits[:_MOST_ROWS].tolist()]
    shown = [line if len(line) <= _WIDTH else f"{line[: _WIDTH - 4]} ..." for line in lines]
    return "\n".join([*shown, *_rest(len(rows.bits) - len(shown))])


def _images(rows: ShownRows) -> str:
    images = rows.images
    height, width = images.shape[1:]
    drawn = _halves if _has_halves() else _plain
    high = -(-height // 2) if drawn is _halves else height
    across = (_WIDTH + _GAP) // (width + _GAP)
    down = max(1, _LINES // (high + 1))
    shown = images[: across * down]
    bands = [_band(shown[k : k + across], drawn) for k in range(0, len(shown), across)]
    return "\n".join(["\n\n".join(bands), *_rest(len(images) - len(shown))])


def _band(images: Any, drawn: Any) -> str:
    """Images beside each other."""
    columns = [drawn(image) for image in images]
    return "\n".join((" " * _GAP).join(line).rstrip() for line in zip(*columns, strict=True))


def _halves(image: Any) -> list[str]:
    """Two rows of pixels a line."""
    lower = [*image[1::2].tolist(), [0] * image.shape[1]][: -(-len(image) // 2)]
    pairs = zip(image[::2].tolist(), lower, strict=True)
    return ["".join(_HALVES[2 * a + b] for a, b in zip(*pair, strict=True)) for pair in pairs]


def _plain(image: Any) -> list[str]:
    return ["".join(".#"[pixel] for pixel in line) for line in image.tolist()]


def _has_halves() -> bool:
    """Whether the terminal's letters have blocks."""
    try:
        _HALVES.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _rest(count: int) -> list[str]:
    return [f"({count} more: --output FILE or --json)"] if count > 0 else []
