"""A process that appends until it is killed: `python appender.py LEDGER DRAFT ACKNOWLEDGED`.

What it has acknowledged stands in a file.
"""

from __future__ import annotations

import os
import pickle
import sys
from pathlib import Path

from rulewright.ledger import Ledger


def main(ledger: str, draft: str, acknowledged: str) -> None:
    """Append one draft again and again, each time approved by another name."""
    stored = pickle.loads(Path(draft).read_bytes())
    told = os.open(acknowledged, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    with Ledger.open(ledger, patience=60) as opened:
        for count in range(1_000_000):
            name = f"{os.getpid()}-{count}"
            entry = opened.append(stored, recorded_by="a process", approved_by=name)
            os.write(told, f"{entry.number} {entry.hash} {name}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
