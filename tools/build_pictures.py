"""Draw the pictures of the user's guide (docs/pictures/) with LibreOffice and pdftoppm, from the sample.

Not compared by a test: fonts and versions of LibreOffice differ. Run it after a change of what people see.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from xlbudget import jobs

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "workbooks" / "samples" / "seed-b"
FOLDER = ROOT / "docs" / "pictures"
RESOLUTION = 75  # dots per inch


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = jobs.regenerate(str(SAMPLE), None, folder)[0]
        assert made.clean_path is not None
        assert made.marked_path is not None
        filled = jobs.fill(made.clean_path)
        before, after, papers = (pages(p, folder) for p in (made.clean_path, made.marked_path, filled.path))
        wanted = {"before": before[0], "after": after[0], "findings": after[4], "papers": papers[4]}
        for title, page in wanted.items():
            (FOLDER / f"{title}.png").write_bytes(page.read_bytes())
    return 0


def pages(workbook: Path, folder: Path) -> list[Path]:
    """The printed pages of a workbook as PNG files."""
    office = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    convert = ["--convert-to", "pdf", "--outdir", str(folder), str(workbook)]
    subprocess.run([*office, *convert], check=True, capture_output=True)
    prefix = folder / workbook.stem
    pdf = folder / f"{workbook.stem}.pdf"
    subprocess.run(["pdftoppm", "-png", "-r", str(RESOLUTION), str(pdf), str(prefix)], check=True)
    return sorted(folder.glob(f"{workbook.stem}-*.png"))


if __name__ == "__main__":
    sys.exit(main())
