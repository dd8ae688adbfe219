"""Packs: forms, rules, laws and catalogues of one region and year, as data; their loader and linter."""
