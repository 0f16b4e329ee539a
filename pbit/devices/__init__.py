"""Physics of single devices: one device a file."""
