"""The parts of an .xlsx file that a stranger made: a zip archive of XML, unpacked with limits, entities refused.

Nothing is written to disk, and nothing that the file says about its own size is believed: what is counted is what comes out.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from xml.parsers import expat

from .errors import InputError, Place, Problem

MAX_UNPACKED = 60_000_000
MAX_PARTS = 2_000
_CHUNK = 1 << 16
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .xls, and of a workbook with a password
_FAULTS = (zipfile.BadZipFile, zlib.error, expat.ExpatError, struct.error, EOFError, OSError, RuntimeError, ValueError, OverflowError, KeyError)

Attributes = dict[str, str]
Started = Callable[[str, Attributes], None]


class Archive:
    """The parts of one workbook, by their names. Raises `InputError` (RW114) when it is none that can be read."""

    def __init__(self, data: bytes, file: str) -> None:
        self.here = Place(file)
        self._left = MAX_UNPACKED
        self._refuse_others(data)
        with self.damage_is_told():
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            parts = self._zip.infolist()
        if len(parts) > MAX_PARTS:
            raise self.wrong(f"the workbook has {len(parts):,} parts, at most {MAX_PARTS:,} are read", "copy the cells into a new workbook")
        self.names = {each.filename for each in parts}
        if any(each.flag_bits & 1 for each in parts):
            raise self.wrong("the workbook is protected by a password", "save it without one")
        if "content.xml" in self.names and "mimetype" in self.names:
            raise self.wrong("this is an OpenDocument file", "save it as `.xlsx`")
        if any(each.endswith("workbook.bin") for each in self.names):
            raise self.wrong("this is a binary workbook (`.xlsb`)", "save it as `.xlsx`")
        if any(each.lower().endswith("vbaproject.bin") for each in self.names):
            raise self.wrong("the workbook holds macros", "save it as `.xlsx`, without macros")
        if any(each.lower().startswith("xl/externallinks/") for each in self.names):
            raise self.wrong("the workbook is linked to another file", "break the links, and keep the values")

    def wrong(self, message: str, help: str = "") -> InputError:
        """The error that the workbook as a whole cannot be used."""
        return InputError(Problem(self.here, "RW114", message, help))

    def _refuse_others(self, data: bytes) -> None:
        if data.startswith(_OLD):
            if "EncryptedPackage".encode("utf-16-le") in data:
                raise self.wrong("the workbook is protected by a password", "save it without one")
            raise self.wrong("this is a workbook of the old kind (`.xls`)", "save it as `.xlsx`")
        if not data.startswith(b"PK"):
            raise self.wrong("this is not a workbook", "save it as `.xlsx`, or as CSV under a name that ends in `.csv`")

    @contextmanager
    def damage_is_told(self) -> Iterator[None]:
        """Whatever is not as it should be inside the file becomes one error."""
        try:
            yield
        except InputError:
            raise
        except _FAULTS:
            raise self.wrong("the workbook is damaged", "open it in a spreadsheet program, and save it again as `.xlsx`") from None

    def parse(self, name: str, started: Started, ended: Callable[[str], None] | None = None,
              text: Callable[[str], None] | None = None) -> None:  # fmt: skip
        """Read one part, element by element; names come without their namespaces."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = lambda tag, attributes: started(_local(tag), {_local(k): v for k, v in attributes.items()})
        if ended is not None:
            parser.EndElementHandler = lambda tag: ended(_local(tag))
        if text is not None:
            parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = self._refuse_entities
        with self.damage_is_told(), self._zip.open(name) as stream:
            while chunk := stream.read(_CHUNK):
                self._left -= len(chunk)
                if self._left < 0:
                    raise self.wrong(f"the workbook unpacks to more than {MAX_UNPACKED:,} bytes", "split it into several")
                parser.Parse(chunk, False)
            parser.Parse(b"", True)

    def _refuse_entities(self, *_declared: object) -> None:
        raise self.wrong("the workbook declares entities, which no spreadsheet program does", "copy the cells into a new workbook")

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """What a part names as its own: by id the kind and the name of the other part."""
        folder, _, file = part.rpartition("/")
        path = posixpath.join(folder, "_rels", f"{file}.rels")
        found: dict[str, tuple[str, str]] = {}

        def started(tag: str, attributes: Attributes) -> None:
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], whole)

        if path in self.names:
            self.parse(path, started)
        return found


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
