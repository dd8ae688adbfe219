"""Packs: forms, rules, laws and catalogues of one region and year, as data; their loader and linter."""

from .loader import available_packs, load_pack, packs_folder
from .model import Pack, PackError

__all__ = ["Pack", "PackError", "available_packs", "load_pack", "packs_folder"]
