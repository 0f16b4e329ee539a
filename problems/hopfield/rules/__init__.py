"""Storage rules: one a file, each a record of what is stored and at what energy."""
