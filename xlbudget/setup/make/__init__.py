"""Making an installation bundle, on any system: wheels for Windows, the add-in, set-up, lists and licences.

A bundle is held as name → bytes until it is written: what goes in is sorted, dated alike and hashed in one
place. The same wheels and sources give the same bytes.
"""

from __future__ import annotations

Files = dict[str, bytes]
"""Names with forward slashes, relative to the bundle, and their contents."""


class MakeError(Exception):
    """The bundle cannot be made; the text is a Chinese sentence for whoever makes it."""
