"""Compiled loops over columns of quantum spins in imaginary time."""
