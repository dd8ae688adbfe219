"""vbaProject.bin: a VBA project as source text, [MS-OVBA] in a compound file ([MS-CFB]).

No compiled code is written. The stream _VBA_PROJECT says version FFFF, which no Office has: so the host
compiles from the text when it opens the project. xlwings' own add-in is shipped in the same form. Numbers
of records below are those of section 2.3.4.2.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

from .cfb import compound_file
from .compress import compress
from .project import Kind, Module, Project, Reference

NO_PERFORMANCE_CACHE = bytes.fromhex("CC61 FFFF 00 0100")  # 2.3.4.1: reserved, version, reserved twice


def vba_project(project: Project) -> bytes:
    """The bytes of ``xl/vbaProject.bin``. Raises :class:`AddinError` for what the format cannot hold."""
    storage = {"_VBA_PROJECT": NO_PERFORMANCE_CACHE, "dir": compress(dir_stream(project))}
    for module in project.modules:
        storage[module.name] = compress(_bytes(project, module.text))
    return compound_file(
        {"VBA": storage, "PROJECT": project_stream(project), "PROJECTwm": projectwm_stream(project)}
    )


# ---- 2.3.4.2 dir stream ----


def dir_stream(project: Project, offsets: Mapping[str, int] | None = None) -> bytes:
    """The dir stream before compression; ``offsets`` is where the text begins in each module's stream."""
    name, constants = _bytes(project, project.name), project.constants
    compat = [] if project.compat is None else [_number(0x4A, project.compat)]
    return b"".join(
        [
            _number(0x01, project.system),
            *compat,
            _number(0x02, project.locale),
            _number(0x14, project.locale),  # locale for late binding
            _record(0x03, struct.pack("<H", project.code_page)),
            _record(0x04, name),
            *(_record(0x05), _record(0x40)),  # description, twice: in the code page and in Unicode
            *(_record(0x06), _record(0x3D)),  # help file
            _number(0x07, 0),  # help context
            _number(0x08, 0),  # library flags
            struct.pack("<HIIH", 0x09, 4, *project.version),  # the size does not count the minor version
            *_twice(project, 0x0C, 0x3C, constants),
            *(_reference(project, r) for r in project.references),
            _record(0x0F, struct.pack("<H", len(project.modules))),
            _record(0x13, struct.pack("<H", project.cookie)),
            *(_module(project, m, (offsets or {}).get(m.name, 0)) for m in project.modules),
            _record(0x10),
        ]
    )


def _reference(project: Project, reference: Reference) -> bytes:
    """REFERENCENAME and REFERENCEREGISTERED."""
    libid = _bytes(project, reference.libid)
    name = b"".join(_twice(project, 0x16, 0x3E, reference.name))
    return name + _record(0x0D, struct.pack("<I", len(libid)) + libid + bytes(6))


def _module(project: Project, module: Module, offset: int) -> bytes:
    return b"".join(
        [
            *_twice(project, 0x19, 0x47, module.name),
            *_twice(project, 0x1A, 0x32, module.name),  # name of its stream
            *_twice(project, 0x1C, 0x48, ""),  # description
            _number(0x31, offset),
            _number(0x1E, 0),  # help context
            _record(0x2C, struct.pack("<H", module.cookie)),
            _record(0x21 if module.kind is Kind.STANDARD else 0x22),
            _record(0x28) if module.private else b"",
            _record(0x2B),
        ]
    )


def _record(number: int, payload: bytes = b"") -> bytes:
    return struct.pack("<HI", number, len(payload)) + payload


def _number(number: int, value: int) -> bytes:
    return _record(number, struct.pack("<I", value))


def _twice(project: Project, number: int, unicode_number: int, text: str) -> tuple[bytes, bytes]:
    return _record(number, _bytes(project, text)), _record(unicode_number, text.encode("utf-16-le"))


# ---- 2.3.1 PROJECT stream, 2.3.3 PROJECTwm stream ----


def project_stream(project: Project) -> bytes:
    cmg, dpb, gc = project.seeds
    lines = [
        f'ID="{project.id}"',
        *(_module_line(m) for m in project.modules),
        f'Name="{project.name}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{encrypt(bytes(4), project.id, cmg)}"',  # no protection,
        f'DPB="{encrypt(bytes(1), project.id, dpb)}"',  # no password,
        f'GC="{encrypt(bytes([255]), project.id, gc)}"',  # visible
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
        *(f"{m.name}={m.window}" for m in project.modules),
        "",
    ]
    return _bytes(project, "\r\n".join(lines))


def _module_line(module: Module) -> str:
    return f"{module.kind}={module.name}" + ("/&H00000000" if module.kind is Kind.DOCUMENT else "")


def projectwm_stream(project: Project) -> bytes:
    """The modules' names in the code page and in Unicode."""
    pairs = (_bytes(project, m.name) + b"\0" + m.name.encode("utf-16-le") + b"\0\0" for m in project.modules)
    return b"".join(pairs) + b"\0\0"


def encrypt(data: bytes, project_id: str, seed: int, ignored: bytes = bytes(3)) -> str:
    """Data encryption (2.4.3.2), in hexadecimal. ``ignored`` fills in for what readers throw away."""
    key = sum(project_id.encode("ascii")) & 0xFF
    out = [seed, seed ^ 2, seed ^ key]
    last_plain, last, before_last = key, seed ^ key, seed ^ 2
    for byte in ignored[: (seed & 6) // 2] + struct.pack("<I", len(data)) + data:
        out.append(byte ^ ((before_last + last_plain) & 0xFF))
        before_last, last, last_plain = last, out[-1], byte
    return bytes(out).hex().upper()


def _bytes(project: Project, text: str) -> bytes:
    return text.encode("utf-8" if project.code_page == 65001 else f"cp{project.code_page}")
