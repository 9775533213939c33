"""Heads, signed and published: only the signer's key, only that head."""

from __future__ import annotations

import base64
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rulewright.ledger.heads import Head, head_from, head_from_text
from rulewright.ledger.signatures import key_id, make_keys, published_head, sign
from rulewright.syntax.errors import InputError

HEAD = Head(3, "sha256:" + "ab" * 32)


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(InputError) as error:
        action()
    [problem] = error.value.problems
    return problem.code


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_keys(tmp_path_factory.mktemp("keys") / "office")


def kept(folder: Path, content: Any) -> Path:
    path = folder / "head.json"
    path.write_text(json.dumps(content), "utf-8")
    return path


def test_a_head_comes_back() -> None:
    assert (
        HEAD.bytes()
        == b'{"entries":3,"hash":"sha256:' + b"ab" * 32 + b'","schema":"rulewright/head/1"}'
    )
    assert head_from_text(HEAD.bytes().decode()) == HEAD
    assert head_from(Head(0, None).to_json()) == Head(0, None)


WRONG: list[Any] = [
    [], {"schema": "rulewright/head/2"},
    *(HEAD.to_json() | each for each in ({"entries": "3"}, {"entries": 0}, {"hash": None}, {"hash": "sha256:ab"}, {"x": 1})),
]  # fmt: skip


@pytest.mark.each_case_traced
@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_head_is_refused(wrong: Any, tmp_path: Path) -> None:
    assert code_of(lambda: published_head(kept(tmp_path, wrong), None)) == "RW916"


def test_a_signed_head_is_believed_with_the_key_of_its_signer_only(
    keys: tuple[Path, Path], tmp_path: Path
) -> None:
    private, public = keys
    path = kept(tmp_path, sign(HEAD, private))
    assert published_head(path, public) == HEAD
    assert code_of(lambda: published_head(path, None)) == "RW916"
    assert code_of(lambda: published_head(path, make_keys(tmp_path / "other")[1])) == "RW915"
    assert code_of(lambda: published_head(kept(tmp_path, HEAD.to_json()), public)) == "RW916"


def test_the_same_head_has_the_same_signature(keys: tuple[Path, Path]) -> None:
    assert sign(HEAD, keys[0]) == sign(HEAD, keys[0])


def test_the_envelope_is_that_of_dsse_and_the_statement_that_of_in_toto(
    keys: tuple[Path, Path],
) -> None:
    """Checked by hand, as another implementation does, from the two specifications."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    envelope = sign(HEAD, keys[0])
    payload = base64.standard_b64decode(envelope["payload"])
    public = load_pem_public_key(keys[1].read_bytes())
    assert isinstance(public, Ed25519PublicKey)
    signed = b"DSSEv1 28 application/vnd.in-toto+json %d %s" % (len(payload), payload)
    public.verify(base64.standard_b64decode(envelope["signatures"][0]["sig"]), signed)
    assert envelope["payloadType"] == "application/vnd.in-toto+json"
    assert envelope["signatures"][0]["keyid"] == key_id(public)
    assert json.loads(payload) == {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "entry 3", "digest": {"sha256": "ab" * 32}}],
        "predicateType": "urn:rulewright:ledger-head:1",
        "predicate": {"schema": "rulewright/head/1", "entries": 3, "hash": HEAD.hash},
    }


def test_each_byte_of_a_signed_head_is_covered(keys: tuple[Path, Path], tmp_path: Path) -> None:
    private, public = keys
    envelope = sign(HEAD, private)
    payload = base64.b64decode(envelope["payload"])
    signature = base64.b64decode(envelope["signatures"][0]["sig"])
    for at in range(len(payload)):
        changed = payload[:at] + bytes([payload[at] ^ 1]) + payload[at + 1 :]
        path = kept(tmp_path, {**envelope, "payload": base64.b64encode(changed).decode()})
        assert code_of(lambda path=path: published_head(path, public)) == "RW915"  # type: ignore[misc]
    for at in range(len(signature)):
        changed = signature[:at] + bytes([signature[at] ^ 1]) + signature[at + 1 :]
        path = kept(
            tmp_path,
            {**envelope, "signatures": [{"keyid": "", "sig": base64.b64encode(changed).decode()}]},
        )
        assert code_of(lambda path=path: published_head(path, public)) == "RW915"  # type: ignore[misc]


@pytest.mark.parametrize("changed", [{"payloadType": "text/plain"}, {"signatures": []}])
def test_an_envelope_without_its_signature_or_type_is_not_signed(
    changed: dict[str, Any], keys: tuple[Path, Path], tmp_path: Path
) -> None:
    path = kept(tmp_path, {**sign(HEAD, keys[0]), **changed})
    assert code_of(lambda: published_head(path, keys[1])) == "RW915"


@pytest.mark.parametrize(
    "changed", [{"payload": "%"}, {"payload": 3}, {"signatures": 3}, {"signatures": [{}]}]
)
def test_what_is_no_envelope_is_no_head(
    changed: dict[str, Any], keys: tuple[Path, Path], tmp_path: Path
) -> None:
    path = kept(tmp_path, {**sign(HEAD, keys[0]), **changed})
    assert code_of(lambda: published_head(path, keys[1])) == "RW916"


def test_a_ledger_without_entries_is_not_signed(keys: tuple[Path, Path]) -> None:
    assert code_of(lambda: sign(Head(0, None), keys[0])) == "RW916"


def test_only_its_owner_may_read_a_private_key_and_none_is_overwritten(tmp_path: Path) -> None:
    private, public = make_keys(tmp_path / "office")
    if os.name == "posix":
        assert stat.S_IMODE(private.stat().st_mode) == 0o600
    before = private.read_bytes(), public.read_bytes()
    assert code_of(lambda: make_keys(tmp_path / "office")) == "RW917"
    private.unlink()
    assert code_of(lambda: make_keys(tmp_path / "office")) == "RW917"
    assert not private.exists()
    assert public.read_bytes() == before[1]
    assert code_of(lambda: make_keys(tmp_path / "no" / "office")) == "RW917"


def test_a_key_on_a_full_disk_is_not_left_half_written(tmp_path: Path) -> None:
    from tests.conftest import no_file_longer_than

    with no_file_longer_than(10):
        assert code_of(lambda: make_keys(tmp_path / "office")) == "RW917"
    assert list(tmp_path.iterdir()) == []


def test_a_public_key_is_no_private_one(keys: tuple[Path, Path], tmp_path: Path) -> None:
    private, public = keys
    assert code_of(lambda: sign(HEAD, public)) == "RW918"
    assert code_of(lambda: sign(HEAD, tmp_path / "nowhere")) == "RW918"
    assert code_of(lambda: published_head(kept(tmp_path, sign(HEAD, private)), private)) == "RW918"


def test_a_run_that_records_does_not_load_what_signs() -> None:
    code = "import sys, rulewright.ledger, rulewright.cli.run_record, rulewright.cli.ledger; assert 'cryptography' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
    code = "import sys, rulewright.cli.run; assert 'sqlite3' not in sys.modules and 'rfc8785' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
