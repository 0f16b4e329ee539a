"""Cards: published systems that are another one with other parameters, as TOML files."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from functools import partial
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

from pbit.formats.errors import FormatError
from pbit.hardware.files.small_text import text_of
from pbit.published.experiment import Bound, Experiment

SUFFIX = ".toml"
_TEXTS = tuple(
    each.name for each in fields(Experiment) if each.type == "str" and each.name != "unit"
)
_OWN = ("of", "rows", "claim_value", "bounds", "parameters")


def read_card(path: str | Path, find: Callable[[str], Experiment | None]) -> Experiment:
    """The experiment that a card describes: that of its ``of``, with what the card says instead.

    Keys are ``id``, ``of``, ``rows``, ``claim``, ``claim_value`` and the other texts of
    :class:`Experiment` but its unit; a table ``[parameters]`` has keywords of its ``run``, and each
    ``[[bounds]]`` ``of``, ``low``, ``high``. Without its own bounds and claim_value there are none.

    Raises
    ------
    FormatError
        Not TOML, an unknown key, a value of the wrong type, an unknown experiment or parameter.
    OSError
        The file cannot be read.
    """
    card = _Card(str(path), text_of(path))
    base = card.base(find)
    try:
        changed = replace(base, bounds=card.bounds(), **card.changes())
        return replace(changed, run=partial(base.run, **card.parameters(base)))
    except (TypeError, ValueError) as error:
        if isinstance(error, FormatError):
            raise
        raise card.error(str(error)) from error


class _Card:
    """The text of a card, and its refusals."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        try:
            self._values: Mapping[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise self.error(f"no TOML: {error}; see docs/networks.md") from error
        unknown = [key for key in self._values if key not in (*_TEXTS, *_OWN)]
        if unknown:
            raise self.error(
                f"unknown key {unknown[0]!r}, expected one of {', '.join((*_OWN, *_TEXTS))}"
            )

    def error(self, problem: str) -> FormatError:
        return FormatError(self._name, None, problem)

    def base(self, find: Callable[[str], Experiment | None]) -> Experiment:
        for key in ("id", "of", "claim"):
            if not isinstance(self._values.get(key), str):
                raise self.error(f"{key} must be a text, got {self._values.get(key)!r:.60}")
        of = self._values["of"]
        found = find(of)
        if found is None:
            raise self.error(f"of must be the ID of an experiment, got {of!r}; pbit network list")
        return found

    def changes(self) -> dict[str, Any]:
        """Fields that the card sets."""
        texts = {key: self._values[key] for key in _TEXTS if key in self._values}
        wrong = [key for key, value in texts.items() if not isinstance(value, str)]
        if wrong:
            raise self.error(f"{wrong[0]} must be a text, got {texts[wrong[0]]!r:.60}")
        value = self._values.get("claim_value")
        if not isinstance(value, int | float | None):
            raise self.error(f"claim_value must be a number, got {value!r:.60}")
        changes = texts | {"claim_value": None if value is None else float(value)}
        if "rows" in self._values:
            rows = self._values["rows"]
            changes["rows"] = tuple(rows) if isinstance(rows, list) else (rows,)
        return changes

    def bounds(self) -> tuple[Bound, ...]:
        tables = self._values.get("bounds", [])
        if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
            raise self.error("bounds must be tables, [[bounds]] with of, low and high")
        return tuple(Bound(**table) for table in tables)

    def parameters(self, base: Experiment) -> dict[str, Any]:
        """Keywords of the base's run."""
        given = self._values.get("parameters", {})
        takes = [
            name
            for name, each in signature(base.run).parameters.items()
            if each.kind is Parameter.KEYWORD_ONLY
        ]
        unknown = [key for key in given if key not in takes]
        if unknown:
            takes_what = f"expected one of {', '.join(takes)}" if takes else "it takes none"
            raise self.error(f"unknown parameter {unknown[0]!r} of {base.id}, {takes_what}")
        return dict(given)
