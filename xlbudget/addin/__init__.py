"""The Excel add-in: VBA and ribbon as text, and what makes an .xlam of them."""

from .build import build_addin
from .errors import AddinError

__all__ = ["AddinError", "build_addin"]
