"""Runs a macro of each workbook in a LibreOffice of its own; under the system's Python, which has ``uno``.

Arguments: profile folder, script, files. Prints a JSON list with the result of each file, null for none:
LibreOffice compiles all modules of a document before it runs anything, and then says nothing when one fails.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import office_worker  # noqa: I001 - uno, which that imports, makes the next one possible
from com.sun.star.uno import Exception as UnoException

RUN_MACROS = 4  # com.sun.star.document.MacroExecMode.ALWAYS_EXECUTE_NO_WARN


def main():
    profile, script, *files = sys.argv[1:]
    desktop = office_worker.start(profile)
    results = []
    for file in files:
        hidden, macros = (
            office_worker.prop("Hidden", True),
            office_worker.prop("MacroExecutionMode", RUN_MACROS),
        )
        document = desktop.loadComponentFromURL(Path(file).as_uri(), "_blank", 0, (hidden, macros))
        try:
            provider = document.getScriptProvider()
            results.append(provider.getScript(script).invoke((), (), ())[0])
        except UnoException as error:
            results.append(str(error))
        finally:
            document.close(True)
    print(json.dumps(results), flush=True)


if __name__ == "__main__":
    main()
