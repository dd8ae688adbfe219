"""Write the generated pages: of all packs (docs/rules/), and of the worksheet functions (docs/functions.md).

A test compares them with what is committed.
"""

from __future__ import annotations

from pathlib import Path

from xlbudget.packs import available_packs, load_pack
from xlbudget.packs.pages import pack_page
from xlbudget_udfs.docs import docs_page

FOLDER = Path(__file__).resolve().parent.parent / "docs"


def pages() -> dict[str, str]:
    """Path below docs/ → text of every page."""
    out = {f"rules/{pack_id}.md": pack_page(load_pack(pack_id)) for pack_id in available_packs()}
    out["functions.md"] = docs_page()
    return out


def main() -> None:
    for name, text in pages().items():
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
