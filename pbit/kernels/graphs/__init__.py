"""Compiled loops over rows of sparse matrices and trees."""
