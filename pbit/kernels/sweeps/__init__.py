"""Compiled sweeps over networks of p-bits, and what they count on the way."""
