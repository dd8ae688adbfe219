"""Write the documentation pages of all packs (docs/rules/). A test compares them with what is committed."""

from __future__ import annotations

from pathlib import Path

from xlbudget.packs import available_packs, load_pack
from xlbudget.packs.pages import pack_page

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "rules"


def pages() -> dict[str, str]:
    """File name → text of every page."""
    return {f"{pack_id}.md": pack_page(load_pack(pack_id)) for pack_id in available_packs()}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
