"""What of the packages is not put into a bundle: what nothing of ours loads, and what we may not pass on."""

from __future__ import annotations

import re
from typing import Final

LEFT_OUT: Final[dict[str, str]] = {
    # xlwings PRO has a licence of its own (and its compiled part serves nothing else); the add-ins, examples
    # and VBA texts of xlwings are not used on the PC, ours has its VBA compiled in
    "xlwings": r"xlwings/(pro|addin|html|js|rest)/|xlwings/xlwingslib\."
    r"|xlwings/[^/]*\.(xls[mx]|xlam|bas|applescript)|.*/LICENSE_PRO",
    # an editor, a web server interface, a database interface under the LGPL, help, samples, headers
    "pywin32": r"(pythonwin|isapi|adodbapi|win32comext)/|PyWin32\.chm"
    r"|win32/(Demos|test|scripts|libs|include)/"
    r"|win32com/(demos|test|HTML|libs|include|makegw)/|.*\.exe$"
    r"|.*/licenses/(adodbapi|isapi|pythonwin|com/win32comext)/",
    "sqlalchemy": r"sqlalchemy/testing/|.*\.pyx$|.*\.pxd$",
    "isal": r"isal/isa-l/(?!LICENSE)",
}
"""By package, which names to leave out."""

_EVERYWHERE: Final = r".*\.pyi$|.*/__pycache__/|.*\.dist-info/(RECORD|WHEEL|INSTALLER|top_level\.txt|sboms/)"


def kept(package: str, name: str) -> bool:
    """Whether a file of a package goes into the bundle."""
    own = LEFT_OUT.get(package)
    return re.match(_EVERYWHERE, name) is None and (own is None or re.match(own, name) is None)
