"""Spin glasses made from a seed: random ensembles, and planted ones whose ground state is known."""
