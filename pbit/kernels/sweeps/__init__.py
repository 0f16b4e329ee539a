"""Compiled sweeps over networks of p-bits, and the books they keep."""
