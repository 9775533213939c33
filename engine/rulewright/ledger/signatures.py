"""A head, signed: a DSSE envelope around an in-toto Statement v1, with Ed25519.

The formats are public (DSSE v1, in-toto attestations), so others' tools can check a signature. The
library `cryptography` is imported only here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rulewright.syntax.canonical import canonical_quickly
from rulewright.syntax.errors import InputError, Place, Problem
from rulewright.syntax.files import RefusedFile, content

from .heads import SCHEMA, Head, head_from

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

PAYLOAD = "application/vnd.in-toto+json"
STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "urn:rulewright:ledger-head:1"
_LONGEST = 100_000  # bytes of a head or key
_KIND = "the key of a ledger is an Ed25519 key in PEM, as `rulewright ledger keygen` makes one"


def make_keys(name: Path) -> tuple[Path, Path]:
    """Write `NAME.key`, which only its owner may read, and `NAME.pub`.

    Raises `InputError` (RW917) rather than overwrite.
    """
    if name.name in ("", ".."):  # a folder, or nothing at all
        raise InputError(
            Problem(
                Place(""),
                "RW917",
                f"`{name}` is not the name of a pair of keys",
                "name them, for instance `office`",
            )
        )
    _needs_the_library()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        PublicFormat,
    )

    key = Ed25519PrivateKey.generate()
    private, public = name.with_name(name.name + ".key"), name.with_name(name.name + ".pub")
    for path in (private, public):
        if path.exists() or path.is_symlink():
            raise InputError(
                Problem(
                    Place(str(path)),
                    "RW917",
                    f"`{path}` is there already",
                    "a key is never overwritten; name another file",
                )
            )
    _write_new(private, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), 0o600)
    try:
        _write_new(
            public,
            key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
            0o644,
        )
    except InputError:
        private.unlink()
        raise
    return private, public


def _needs_the_library() -> None:
    try:
        import cryptography.hazmat.primitives.asymmetric.ed25519  # noqa: F401
    except ImportError:
        raise InputError(
            Problem(
                Place(""),
                "RW919",
                "the library `cryptography`, which signs, is not installed",
                "`pip install 'rulewright[signing]'`",
            )
        ) from None


def _write_new(path: Path, content: bytes, mode: int) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        if not isinstance(error, FileExistsError):
            path.unlink(missing_ok=True)
        reason = (error.strerror or "unknown reason").lower()
        raise InputError(
            Problem(
                Place(str(path)),
                "RW917",
                f"`{path}` cannot be written: {reason}",
                "name another file",
            )
        ) from None


def sign(head: Head, key: Path) -> dict[str, Any]:
    """The head in a signed envelope. Raises `InputError` (RW918: not a private key)."""
    _needs_the_library()
    private = _private(key)
    payload = canonical_quickly(_statement(head))
    signature = private.sign(_to_sign(payload))
    return {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": PAYLOAD,
        "signatures": [
            {"keyid": key_id(private.public_key()), "sig": base64.b64encode(signature).decode()}
        ],
    }


def _statement(head: Head) -> dict[str, Any]:
    if head.hash is None:
        raise InputError(
            Problem(
                Place(""),
                "RW916",
                "a ledger without entries has no head to sign",
                "record a decision first",
            )
        )
    digest = {"sha256": head.hash.removeprefix("sha256:")}
    return {
        "_type": STATEMENT,
        "subject": [{"name": f"entry {head.entries}", "digest": digest}],
        "predicateType": PREDICATE,
        "predicate": head.to_json(),
    }


def _to_sign(payload: bytes) -> bytes:
    """What DSSE signs (its pre-authentication encoding)."""
    return b" ".join(
        [
            b"DSSEv1",
            str(len(PAYLOAD)).encode(),
            PAYLOAD.encode(),
            str(len(payload)).encode(),
            payload,
        ]
    )


def published_head(path: Path, key: Path | None) -> Head:
    """The head in a file, plain or signed; a signed one is believed only with the key of its
    signer.

    Raises `InputError`: RW915 (not signed by that key), RW916 (no head, or no key for a signed
    one), RW918 (not a key).
    """
    place = Place(str(path))
    try:
        document = json.loads(content(path, most=_LONGEST))
    except RefusedFile as error:
        raise InputError(
            Problem(place, "RW916", f"the head `{path}` {error.reason}", "name a file")
        ) from None
    except (ValueError, RecursionError):
        raise InputError(
            Problem(
                place,
                "RW916",
                f"`{path}` is not a head",
                "`rulewright ledger head LEDGER --json` writes one",
            )
        ) from None
    signed = isinstance(document, dict) and "payload" in document
    if signed != (key is not None):
        raise InputError(
            Problem(
                place,
                "RW916",
                "the head is signed, and no key is given" if signed else "the head is not signed",
                "give `--key FILE`, the public key of the signer"
                if signed
                else "leave `--key` out",
            )
        )
    if key is not None:
        _needs_the_library()
    try:
        return _opened(document, _public(key), place) if key is not None else head_from(document)
    except (ValueError, KeyError, TypeError, binascii.Error):
        raise InputError(
            Problem(
                place,
                "RW916",
                f"`{path}` is not a head",
                "`rulewright ledger head LEDGER --json` writes one",
            )
        ) from None


def _opened(document: dict[str, Any], public: Ed25519PublicKey, place: Place) -> Head:
    from cryptography.exceptions import InvalidSignature

    payload = base64.b64decode(document["payload"], validate=True)
    valid = False
    for each in document["signatures"]:
        try:
            public.verify(base64.b64decode(each["sig"], validate=True), _to_sign(payload))
            valid = True
        except InvalidSignature:
            continue
    if not valid or document["payloadType"] != PAYLOAD:
        raise InputError(
            Problem(
                place,
                "RW915",
                "the head is not signed by that key, or was changed since",
                "get head and key from whoever publishes them",
            )
        )
    statement = json.loads(payload)
    head = head_from(statement["predicate"])
    if statement != _statement(head):
        raise ValueError
    return head


def key_id(public: Ed25519PublicKey) -> str:
    """The name of a key: the digest of its public part (DER)."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return (
        "sha256:"
        + hashlib.sha256(
            public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        ).hexdigest()
    )


def _private(path: Path) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(_read(path), None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError(
            Problem(Place(str(path)), "RW918", f"`{path}` is not a private key", _KIND)
        )
    return key


def _public(path: Path) -> Ed25519PublicKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(_read(path))
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise InputError(Problem(Place(str(path)), "RW918", f"`{path}` is not a public key", _KIND))
    return key


def _read(path: Path) -> bytes:
    try:
        return content(path, most=_LONGEST)
    except RefusedFile as error:
        raise InputError(
            Problem(Place(str(path)), "RW918", f"the key `{path}` {error.reason}", "name a file")
        ) from None


__all__ = [
    "PAYLOAD",
    "PREDICATE",
    "SCHEMA",
    "STATEMENT",
    "key_id",
    "make_keys",
    "published_head",
    "sign",
]
