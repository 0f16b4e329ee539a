"""Quantum models in imaginary time: slices and worldlines of p-bits, annealed or measured."""
