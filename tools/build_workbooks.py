"""Write the blank official workbooks (workbooks/templates/) and the filled samples (workbooks/samples/).

A test compares them, part by part, with what the packs give now.
"""

from __future__ import annotations

from pathlib import Path

from xlbudget.jobs import new_form
from xlbudget.packs import available_packs
from xlbudget.packs.program import pack_program
from xlbudget.rules.derive import derive
from xlbudget.sources import read_source
from xlbudget.workbook.atomic import write_atomic
from xlbudget.workbook.fill import fill, placed

ROOT = Path(__file__).resolve().parent.parent / "workbooks"
SAMPLES = ("seed-b", "clean")


def workbooks() -> dict[str, bytes]:
    """Path below workbooks/ → bytes."""
    out = {f"templates/{pack_id}.xlsx": new_form(pack_id) for pack_id in available_packs()}
    for name in SAMPLES:
        unit = read_source(ROOT / "samples" / name)[0]
        record = placed(unit.pack, unit.record)
        out[f"samples/{name}.xlsx"] = fill(unit.pack, record, derive(pack_program(unit.pack), record))
    return out


def main() -> None:
    for name, data in workbooks().items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, data)


if __name__ == "__main__":
    main()
