"""`python -m tests.fuzz.strangers.process SHIPPED ARGUMENTS...`: the command `rulewright` with what is shipped taken from a copy."""

from __future__ import annotations

import sys
from pathlib import Path

from rulewright import workbench
from rulewright.cli import main

if __name__ == "__main__":
    folder = Path(sys.argv.pop(1))
    workbench.data_folder = lambda: folder
    sys.argv[0] = "rulewright"
    main()
