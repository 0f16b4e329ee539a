"""Compiled loops of associative memories that keep their overlaps with what is stored."""
