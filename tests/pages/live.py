"""What of a page acts: its elements, attributes and addresses, as a browser finds them, against
those that our pages write.

`tinyhtml5` reads HTML as the standard says, tags that are not closed and all other mistakes
included. A page may hold nothing that is not named here: whoever writes a new element into pages
names it, and says which attributes it has.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import tinyhtml5.parser
from markdown_it import MarkdownIt

from rulewright.syntax.visible import visible_lines
from rulewright.syntax.yaml_loader import load_yaml

STYLE = (Path(__file__).parents[2] / "engine" / "rulewright" / "documents" / "page.css").read_text(
    "utf-8"
)
ANY = re.compile(r".*", re.DOTALL)  # text, such as a label
PLACE = re.compile(r"#.+", re.DOTALL)  # another place of the page: no other address is written
Allowed = Mapping[str, Mapping[str, re.Pattern[str]]]


def one_of(*values: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, values)))


HEADINGS = {f"h{level}": {"id": ANY} for level in range(1, 7)}
PAGE: Allowed = {
    "html": {"lang": one_of("en-GB")}, "head": {}, "title": {}, "style": {}, "body": {},
    "meta": {"charset": one_of("utf-8"), "name": one_of("viewport"), "content": one_of("width=device-width, initial-scale=1")},
    "a": {"class": one_of("skip"), "href": PLACE}, "header": {}, "nav": {"aria-labelledby": one_of("contents")},
    "main": {"id": one_of("main"), "tabindex": one_of("-1")}, "section": {}, "article": {"class": one_of("card")}, **HEADINGS,
    "p": {"class": one_of("remark", "source")}, "ul": {}, "ol": {}, "li": {"id": ANY}, "dl": {}, "dt": {}, "dd": {},
    "div": {"class": one_of("wide"), "role": one_of("region"), "aria-label": ANY, "tabindex": one_of("0")},
    "table": {}, "caption": {}, "thead": {}, "tbody": {}, "tr": {}, "th": {"scope": one_of("col", "row")}, "td": {},
    "code": {}, "small": {}, "strong": {},
    "script": {"type": one_of("application/json"), "id": one_of("record-json")},
}  # fmt: skip
MARKDOWN: Allowed = {
    "html": {}, "head": {}, "body": {}, **{f"h{level}": {} for level in range(1, 7)}, "p": {}, "a": {"href": PLACE, "id": ANY},
    "ul": {}, "ol": {"start": re.compile(r"\d+")}, "li": {},
    "code": {}, "strong": {}, "table": {}, "thead": {}, "tbody": {}, "tr": {}, "th": {}, "td": {},
}  # fmt: skip
JUNIT: Allowed = {
    **{name: dict.fromkeys(("name", "tests", "failures", "errors", "skipped"), ANY) for name in ("testsuites", "testsuite")},
    "testcase": {"classname": ANY, "name": ANY, "file": ANY, "line": ANY},
    **{name: {"message": ANY, "type": re.compile(r"RW\d{3}|refused|change|difference")} for name in ("failure", "error")},
    "skipped": {"message": ANY},
}  # fmt: skip
# How a cell begins that a spreadsheet program calculates; a dash alone, a number and a range it
# does not.
FORMULA = re.compile(
    r"[=+@\t\r\uff0b\uff0d\uff1d\uff20]|-(?!\s*$|\s*\d+(\.\d+)?(\s*\.\.\s*-?\s*\d+(\.\d+)?)?\s*$)"
)


def elements(root: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """The elements; a comment or an instruction is none of ours."""
    for each in root.iter():
        assert isinstance(each.tag, str), f"a comment: {each.text!r}"
        yield each


def refuse_all_but(root: ElementTree.Element, allowed: Allowed) -> None:
    for each in elements(root):
        assert each.tag in allowed, (
            f"an element that pages do not write: {ElementTree.tostring(each, 'unicode')[:200]}"
        )
        for name, value in each.attrib.items():
            pattern = allowed[each.tag].get(name)
            assert pattern is not None, (
                f"an attribute that pages do not write: {each.tag} {name}={value!r}"
            )
            assert pattern.fullmatch(value), (
                f"a value that pages do not write: {each.tag} {name}={value!r}"
            )


def parsed(content: bytes | str) -> ElementTree.Element:
    """A page as a browser reads it, if it reads it without a mistake."""
    parser = tinyhtml5.parser.HTMLParser(namespace_html_elements=False)
    root: ElementTree.Element = parser.parse(content)
    assert parser.errors == []
    return root


def text_of(root: ElementTree.Element) -> str:
    """What a reader sees, on one line."""
    return " ".join(
        "".join(
            each
            for element in root.iter()
            if element.tag not in ("style", "script")
            for each in (element.text or "",) + tuple(child.tail or "" for child in element)
        ).split()
    )


def check_html(content: bytes) -> str:
    """Nothing acts in a page but what we write; returns what a reader sees."""
    root = parsed(content)
    refuse_all_but(root, PAGE)
    [style] = root.iter("style")
    assert style.text == "\n" + STYLE
    for each in root.iter("script"):
        json.loads(each.text or "")
    assert len([*root.iter("script")]) <= 1
    return shown(text_of(root))


def check_markdown(content: bytes) -> str:
    """Nothing acts in a document once it is made a page of, markup inside it included."""
    text = shown(content.decode())
    reader: Any = MarkdownIt("commonmark", {"html": True}).enable("table")
    reader.validateLink = lambda _address: True  # it would leave out some itself
    body = reader.render(text)
    root = parsed(f"<!doctype html><html><head></head><body>{body}</body></html>")
    refuse_all_but(root, MARKDOWN)
    return text_of(root)


def check_junit(content: bytes) -> str:
    root = ElementTree.fromstring(
        content,
        ElementTree.XMLParser(
            target=ElementTree.TreeBuilder(insert_comments=True, insert_pis=True)
        ),
    )
    refuse_all_but(root, JUNIT)
    assert b"<!" not in content and b"<![CDATA[" not in content
    return shown(
        " ".join(
            [text_of(root), *(value for each in root.iter() for value in each.attrib.values())]
        )
    )


def check_text(content: bytes) -> str:
    return shown(content.decode())


def check_annotations(content: bytes) -> str:
    """Each line is a command of ours to GitHub, or the numbers at the end."""
    *lines, numbers = content.decode().splitlines()
    assert all(
        re.fullmatch(r"::error file=[^:,]*,line=\d+,title=[^:,]*::.*", each) for each in lines
    )
    assert re.match(r"\d+ passed", numbers)
    return shown(content.decode())


def check_json(content: bytes) -> str:
    """JSON is for machines: it has to be JSON, and shown as it is nothing in it acts."""
    for line in content.decode().splitlines():
        json.loads(line)
    return content.decode()


def check_json_document(content: bytes) -> str:
    json.loads(content)
    return content.decode()


def check_yaml(content: bytes) -> str:
    """A file that we can read again: without tags, anchors and the like."""
    load_yaml(content.decode(), "written.yaml")
    return content.decode()


def check_csv(content: bytes) -> str:
    for row in csv.reader(io.StringIO(content.decode())):
        assert not [each for each in row if FORMULA.match(each)]
    return shown(content.decode())


def check_workbook(content: bytes) -> str:
    """Cells are text; there are no formulas, links, macros or parts of other kinds."""
    texts = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            assert re.fullmatch(
                r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(app|core)\.xml|xl/(workbook|styles|sharedStrings)\.xml"
                r"|xl/theme/theme1\.xml|xl/_rels/workbook\.xml\.rels|xl/worksheets/sheet\d+\.xml",
                name,
            ), name
            for each in ElementTree.fromstring(archive.read(name)).iter():
                kind = each.tag.rpartition("}")[2]
                assert kind not in (
                    "f",
                    "hyperlink",
                    "hyperlinks",
                    "externalReference",
                    "definedName",
                    "oleObject",
                )
                if kind in ("formula1", "formula2"):
                    assert re.fullmatch(r"'read me'!\$[A-Z]+\$\d+:\$[A-Z]+\$\d+", each.text or "")
                if kind == "c":
                    assert each.attrib.get("t") in ("s", "inlineStr") or not len(each)
                if kind == "t":
                    texts.append(each.text or "")
    return shown(" ".join(texts))


def shown(text: str) -> str:
    """A text, if no character in it acts."""
    assert visible_lines(text) == text
    return text


CHECKS: dict[str, Callable[[bytes], str]] = {  # of each ending of a file that a command writes
    ".html": check_html, ".md": check_markdown, ".xml": check_junit, ".txt": check_text, ".log": check_text, ".json": check_json,
    ".jsonl": check_json, ".prov": check_json_document, ".jsonld": check_json_document, ".yaml": check_yaml, ".yml": check_yaml,
    ".csv": check_csv, ".xlsx": check_workbook,
}  # fmt: skip
