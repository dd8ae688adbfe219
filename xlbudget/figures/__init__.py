"""Exact numbers: parsing, shown precision, intervals, rounding and units. Imports nothing of ours."""
