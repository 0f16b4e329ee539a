"""PARAMETER=NUMBER among the arguments of a command."""

from __future__ import annotations

from typing import Any

import click


def parsed_changes(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, Any]:
    """Numbers, or lists of them, by the names of their parameters."""
    return dict(parsed(text) for text in given)


def parsed(text: str) -> tuple[str, Any]:
    """Name and value of PARAMETER=NUMBER,NUMBER,...

    Raises
    ------
    click.BadParameter
        Something else.
    """
    name, equals, listing = text.partition("=")
    try:
        numbers = [_number(word) for word in listing.split(",")]
    except ValueError:
        equals = ""
    if not equals:
        raise click.BadParameter(f"must be PARAMETER=NUMBER or NUMBER,NUMBER,..., got {text!r:.60}")
    return name.strip(), numbers if len(numbers) > 1 else numbers[0]


def _number(word: str) -> int | float:
    return int(word) if word.strip().lstrip("+-").isdecimal() else float(word)
