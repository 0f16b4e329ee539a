"""Compiled sweeps over digits of many values, and the algorithms over any family of them."""
