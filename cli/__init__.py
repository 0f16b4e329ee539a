"""The pbit command line: parse, call, print."""
