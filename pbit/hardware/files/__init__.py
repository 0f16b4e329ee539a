"""Files that describe a chip: TOML, tables of columns, quantities with units."""
