"""Errors that end a command with an exit status of their own."""

from __future__ import annotations

import click


class InputRefused(click.ClickException):
    """A file that cannot be used; exit status 4."""

    exit_code = 4


class TooLarge(click.ClickException):
    """More than this machine or the method can take; exit status 5."""

    exit_code = 5
