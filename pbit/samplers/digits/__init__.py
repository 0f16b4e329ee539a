"""Digits of many values and permutations sampled: anneals and tempering over any family."""
