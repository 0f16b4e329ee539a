"""Kernel families: what each takes, compiles and runs."""
