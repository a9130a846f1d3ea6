"""API keys: who has the scope `keys` makes, rotates and revokes them. Every gateway knows within a moment.

A key is shown once, when it is made; with an Idempotency-Key, to repetitions of that call as well.
"""

from base64 import urlsafe_b64encode
from typing import Annotated

import msgspec
from msgspec import Meta
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response

from gateway import problems
from gateway.auth.api_keys import key_hash, key_text
from gateway.control.model import ApiKey, Scope
from gateway.idempotency.write import new_id, new_secret
from gateway.lean import LeanRoute, json_response, read_body
from gateway.openapi import operation
from gateway.refusal import Refused
from gateway.routes.access import BROADCASTER, require_broadcaster
from gateway.services import services_of

MAX_OVERLAP_S = 30 * 24 * 3_600
MAX_KEY_S = 3_660 * 24 * 3_600

KeyName = Annotated[str, Meta(min_length=1, max_length=100)]
Scopes = Annotated[tuple[Scope, ...], Meta(min_length=1, max_length=5, extra_json_schema={"uniqueItems": True})]
ExpiresIn = Annotated[int, Meta(ge=1, le=MAX_KEY_S)]

_NO_STORE = {"cache-control": "no-store"}


class NewKey(msgspec.Struct, frozen=True):
    """A key to make: whose it is or what it is for, what it may do, and for how long; without `expires_in_s`, until it
    is revoked.
    """

    name: KeyName
    scopes: Scopes
    expires_in_s: ExpiresIn | None = None


class Rotation(msgspec.Struct, frozen=True):
    """How long the old key still works beside the new one, and how long the new one does."""

    overlap_s: Annotated[int, Meta(ge=0, le=MAX_OVERLAP_S)]
    expires_in_s: ExpiresIn | None = None


class KeyAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What may be known of a key. Times are epoch milliseconds."""

    key_id: str
    name: str
    scopes: tuple[Scope, ...]
    created_at: int
    expires_at: int | None
    revoked_at: int | None


class MadeKey(KeyAnswer, frozen=True, kw_only=True):
    """A key that was made. `key` is what goes behind `Bearer`; it is kept nowhere."""

    key: str


class Keys(msgspec.Struct, frozen=True):
    """All keys that were made by a call, oldest first."""

    keys: list[KeyAnswer]


_new_decoder = msgspec.json.Decoder(NewKey)
_rotation_decoder = msgspec.json.Decoder(Rotation)


async def create_key(request: Request) -> Response:
    """Make a key. It can do no more than the key that makes it."""
    caller = require_broadcaster(request, "keys")
    new = await read_body(request, _new_decoder)
    if len(set(new.scopes)) < len(new.scopes):
        raise Refused(problems.INVALID_FIELD, "A scope is there twice.", "scopes")
    for scope in new.scopes:
        caller.require(scope)
    return json_response(await _make(request, new_id(request, 16), new), 201, _NO_STORE)


async def list_keys(request: Request) -> Response:
    """List the keys, those that are revoked or expired included. The keys of the setting are not among them."""
    require_broadcaster(request, "keys")
    table = services_of(request).table
    if not table.ready:
        raise Refused(problems.STARTING)
    return json_response(Keys([_answer(key) for key in table.api_keys()]), headers=_NO_STORE)


async def rotate_key(request: Request) -> Response:
    """Make a key that can do the same, and let the old one end after the overlap."""
    caller = require_broadcaster(request, "keys")
    services = services_of(request)
    rotation = await read_body(request, _rotation_decoder)
    old = _known(request)
    for scope in old.scopes:
        caller.require(scope)
    # A repetition finds the new key made, and the old one perhaps at its end.
    key_id = new_id(request, 16)
    if services.table.api_key(key_id) is None and not old.is_valid_at(services.clock()):
        raise Refused(problems.ENDED_KEY)
    made = await _make(request, key_id, NewKey(old.name, old.scopes, rotation.expires_in_s))
    ends_at = services.clock() + rotation.overlap_s * 1000
    await services.writer.change(old, lambda key: _ending(key, ends_at))
    return json_response(made, 201, _NO_STORE)


async def revoke_key(request: Request) -> Response:
    """Revoke a key: it opens nothing any more. Revoking it again changes nothing."""
    require_broadcaster(request, "keys")
    services = services_of(request)
    now = services.clock()
    await services.writer.change(
        _known(request), lambda key: key if key.revoked_at is not None else replace(key, revoked_at=now)
    )
    return Response(status_code=204, headers=_NO_STORE)


async def _make(request: Request, key_id: str, new: NewKey) -> MadeKey:
    services = services_of(request)
    text = key_text(key_id, urlsafe_b64encode(new_secret(request)).rstrip(b"=").decode())
    now = services.clock()
    key = ApiKey(
        **services.writer.stamp(),
        key_id=key_id,
        name=new.name,
        secret_hash=key_hash(text),
        scopes=new.scopes,
        created_at=now,
        expires_at=None if new.expires_in_s is None else now + new.expires_in_s * 1000,
        revoked_at=None,
    )
    exists = Refused(problems.CONFLICT)
    try:
        await services.writer.create(key, exists)
    except Refused as refused:
        standing = services.table.api_key(key_id)
        if refused is not exists or standing is None or standing.secret_hash != key.secret_hash:
            raise
        key = standing  # The request is a repetition, and its first attempt had come so far.
    return msgspec.convert({**msgspec.structs.asdict(key), "key": text}, MadeKey)


def _known(request: Request) -> ApiKey:
    table = services_of(request).table
    key = table.api_key(request.path_params["key"])
    if key is None:
        raise Refused(problems.UNKNOWN_KEY if table.ready else problems.STARTING)
    return key


def _ending(key: ApiKey, ends_at: int) -> ApiKey:
    return key if key.expires_at is not None and key.expires_at <= ends_at else replace(key, expires_at=ends_at)


def _answer(key: ApiKey) -> KeyAnswer:
    return msgspec.convert(key, KeyAnswer, from_attributes=True)


_WRITES = (*BROADCASTER, problems.KAFKA_UNREACHABLE, problems.CONFLICT)

ROUTES = [
    LeanRoute(
        "/v1/keys",
        create_key,
        methods=["POST"],
        status_code=201,
        tags=["broadcasters"],
        openapi_extra=operation(caller="broadcaster", body=NewKey, answers={201: MadeKey}, refusals=_WRITES),
    ),
    LeanRoute(
        "/v1/keys",
        list_keys,
        methods=["GET"],
        tags=["broadcasters"],
        openapi_extra=operation(caller="broadcaster", answers={200: Keys}, refusals=BROADCASTER),
    ),
    LeanRoute(
        "/v1/keys/{key}/rotate",
        rotate_key,
        methods=["POST"],
        status_code=201,
        tags=["broadcasters"],
        openapi_extra=operation(
            caller="broadcaster",
            parameters=["key"],
            body=Rotation,
            answers={201: MadeKey},
            refusals=(*_WRITES, problems.UNKNOWN_KEY, problems.ENDED_KEY),
        ),
    ),
    LeanRoute(
        "/v1/keys/{key}",
        revoke_key,
        methods=["DELETE"],
        status_code=204,
        tags=["broadcasters"],
        openapi_extra=operation(
            caller="broadcaster", parameters=["key"], answers={204: ""}, refusals=(*_WRITES, problems.UNKNOWN_KEY)
        ),
    ),
]
