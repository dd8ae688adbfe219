"""The one error of this room."""

from __future__ import annotations


class AddinError(ValueError):
    """The add-in cannot be built; the Chinese text says what is wrong and in which line."""
