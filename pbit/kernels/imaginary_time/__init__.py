"""Compiled sweeps over the slices and worldlines of imaginary time."""
