"""The parts of an .xlsx file that a stranger made: a zip archive of XML, unpacked with limits,
entities refused.

Nothing is written to disk, and nothing that the file says about its own size is believed: what is
counted is what comes out, the bytes and the work that they make.
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

from rulewright.syntax.errors import InputError, Place, Problem

MAX_UNPACKED = 60_000_000
MAX_PARTS = 2_000
MAX_ELEMENTS = 1_000_000  # of all parts together
MAX_ATTRIBUTES = 100  # of one element
MAX_DEPTH = 100
MAX_TAG = 1 << 18  # bytes; the parser gives no element out before it has all its attributes
_CHUNK = 1 << 16
_PART = b"PK\1\2"  # so begins what an archive says of each of its parts
_MOST_NAMES = 1_000
_ANEW = "copy the cells into a new workbook"
_NONE: dict[str, str] = {}
# the container of .xls, and of a workbook with a password
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    OverflowError,
    LookupError,
)

Attributes = dict[str, str]
Started = Callable[[str, Attributes], None]


class ZipParts:
    """The parts of one workbook, by their names.

    Raises `InputError` (RW114) when it is none that can be read.
    """

    def __init__(self, data: bytes, file: str) -> None:
        self.here = Place(file)
        self._left, self._elements = MAX_UNPACKED, MAX_ELEMENTS
        self._refuse_others(data)
        self._refuse_parts(data.count(_PART))
        with self.damage_is_told():
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            parts = self._zip.infolist()
        self._refuse_parts(len(parts))
        if any(
            each.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for each in parts
        ):
            raise self.wrong("the workbook is packed as no spreadsheet program does", _ANEW)
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
            raise self.wrong(
                "the workbook is linked to another file", "break the links, and keep the values"
            )

    def wrong(self, message: str, help: str = "") -> InputError:
        """The error that the workbook as a whole cannot be used."""
        return InputError(Problem(self.here, "RW114", message, help))

    def _refuse_parts(self, number: int) -> None:
        if number > MAX_PARTS:
            raise self.wrong(
                f"the workbook has {number:,} parts, at most {MAX_PARTS:,} are read", _ANEW
            )

    def _refuse_others(self, data: bytes) -> None:
        if data.startswith(_OLD):
            if "EncryptedPackage".encode("utf-16-le") in data:
                raise self.wrong("the workbook is protected by a password", "save it without one")
            raise self.wrong("this is a workbook of the old kind (`.xls`)", "save it as `.xlsx`")
        if not data.startswith(b"PK"):
            raise self.wrong(
                "this is not a workbook",
                "save it as `.xlsx`, or as CSV under a name that ends in `.csv`",
            )

    @contextmanager
    def damage_is_told(self) -> Iterator[None]:
        """Whatever is not as it should be inside the file becomes one error."""
        try:
            yield
        except InputError:
            raise
        except _FAULTS:
            raise self.wrong(
                "the workbook is damaged",
                "open it in a spreadsheet program, and save it again as `.xlsx`",
            ) from None

    def parse(
        self,
        name: str,
        started: Started,
        ended: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        """Read one part, element by element; names come without their namespaces.

        Raises `InputError` (RW114).
        """
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        local, depth = _Local(), 0

        def start(tag: str, attributes: Attributes) -> None:
            nonlocal depth
            depth += 1
            self._elements -= 1
            if self._elements < 0 or depth > MAX_DEPTH or len(attributes) > MAX_ATTRIBUTES:
                raise self._too_much(depth, len(attributes))
            started(
                local[tag],
                {local[each]: value for each, value in attributes.items()} if attributes else _NONE,
            )

        def end(tag: str) -> None:
            nonlocal depth
            depth -= 1
            if ended is not None:
                ended(local[tag])

        parser.StartElementHandler, parser.EndElementHandler = start, end
        if text is not None:
            parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = self._refuse_entities
        given = 0
        with self.damage_is_told(), self._zip.open(name) as stream:
            while chunk := stream.read(_CHUNK):
                given += len(chunk)
                self._take(len(chunk))
                parser.Parse(chunk, False)
                if given - parser.CurrentByteIndex > MAX_TAG:
                    raise self.wrong(
                        f"an element of the workbook is written with more than {MAX_TAG:,} bytes",
                        _ANEW,
                    )
            parser.Parse(b"", True)

    def _too_much(self, depth: int, attributes: int) -> InputError:
        if attributes > MAX_ATTRIBUTES:
            return self.wrong(
                f"an element of the workbook has {attributes:,} attributes, at most {MAX_ATTRIBUTES} are read",
                _ANEW,
            )
        if depth > MAX_DEPTH:
            return self.wrong(
                f"the elements of the workbook are nested deeper than {MAX_DEPTH} levels", _ANEW
            )
        return self.wrong(
            f"the workbook has more than {MAX_ELEMENTS:,} elements: rows, cells and what stands in them",
            "copy the cells that are filled into a new workbook, or split it into several",
        )

    def read_all(self, started: Started) -> None:
        """Go through every part, for a library that reads them all and knows no limits.

        Raises `InputError` (RW114).
        """
        for name in sorted(self.names):
            if name.endswith((".xml", ".rels")):
                self.parse(name, started)
            else:
                with self.damage_is_told(), self._zip.open(name) as stream:
                    while chunk := stream.read(_CHUNK):
                        self._take(len(chunk))

    def _take(self, number: int) -> None:
        self._left -= number
        if self._left < 0:
            raise self.wrong(
                f"the workbook unpacks to more than {MAX_UNPACKED:,} bytes", "split it into several"
            )

    def _refuse_entities(self, *_declared: object) -> None:
        raise self.wrong("the workbook declares entities, which no spreadsheet program does", _ANEW)

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """What a part names as its own: by id the kind and the name of the other part."""
        folder, _, file = part.rpartition("/")
        path = posixpath.join(folder, "_rels", f"{file}.rels")
        found: dict[str, tuple[str, str]] = {}

        def started(tag: str, attributes: Attributes) -> None:
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                whole = (
                    target.lstrip("/")
                    if target.startswith("/")
                    else posixpath.normpath(posixpath.join(folder, target))
                )
                found[attributes.get("Id", "")] = (
                    attributes.get("Type", "").rpartition("/")[2],
                    whole,
                )
                self._refuse_parts(len(found))

        if path in self.names:
            self.parse(path, started)
        return found


class _Local(dict[str, str]):
    """Names without their namespaces; few are ever met."""

    def __missing__(self, name: str) -> str:
        if len(self) > _MOST_NAMES:
            self.clear()
        found = self[name] = name.rpartition(" ")[2]
        return found
