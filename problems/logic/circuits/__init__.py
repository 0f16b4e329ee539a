"""Circuits: built, compiled to p-bits, run in any direction."""
