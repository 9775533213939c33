"""`python -m tests.fuzz.strangers.process SHIPPED ARGUMENTS...`: the command `rulewright` with what
is shipped taken from a copy.
"""

from __future__ import annotations

import sys
from pathlib import Path

from rulewright.cli import main
from rulewright.syntax import shipped

if __name__ == "__main__":
    shipped.INSTALLED = shipped.PACKAGE = Path(sys.argv.pop(1))
    sys.argv[0] = "rulewright"
    main()
