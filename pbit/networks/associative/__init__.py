"""Associative memories of devices: cliques, nearest patterns, Hopfield's of memristors."""

from pbit.networks.associative.cliques import (
    ERASED,
    CliqueMemory,
    Recalled,
    expected_density,
    expected_error,
)
from pbit.networks.associative.device_memory import DeviceMemory, Repair
from pbit.networks.associative.hall import HallSpread
from pbit.networks.associative.settling import hebb, one_pixel_off, recalled, settle
from pbit.networks.associative.templates import Matched, TemplateMemory

__all__ = [
    "ERASED",
    "CliqueMemory",
    "DeviceMemory",
    "HallSpread",
    "Matched",
    "Recalled",
    "Repair",
    "TemplateMemory",
    "expected_density",
    "expected_error",
    "hebb",
    "one_pixel_off",
    "recalled",
    "settle",
]
