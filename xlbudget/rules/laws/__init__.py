"""Scoring laws: named functions from what was planned and done to a score, built as formulas."""

from .law import KINDS, Law, LawError

__all__ = ["KINDS", "Law", "LawError"]
