"""Compiled loops of single devices: macrospins and telegraphs."""
