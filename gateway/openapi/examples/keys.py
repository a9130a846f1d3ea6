"""API keys."""

from gateway.openapi.document import Example
from gateway.openapi.examples.streams import CREATED_AT
from gateway.routes.keys import KeyAnswer, Keys, MadeKey, NewKey, Rotation

_STUDIO = KeyAnswer(
    key_id="k3v9", name="studio", scopes=("polls", "read"), created_at=CREATED_AT, expires_at=None, revoked_at=None
)
_MADE = MadeKey(
    key_id="k3v9",
    name="studio",
    scopes=("polls", "read"),
    created_at=CREATED_AT,
    expires_at=None,
    revoked_at=None,
    key="ovk_k3v9_3p2-7wQAAAAAAAAAAAAAAA",
)

EXAMPLES = {
    "create_key": Example(
        bodies={
            "For a studio that runs polls and reads.": NewKey("studio", ("polls", "read")),
            "For a backend that makes tokens, for a day.": NewKey("backend", ("tokens",), 86_400),
        },
        answers={201: _MADE},
    ),
    "list_keys": Example(answers={200: Keys([_STUDIO])}),
    "rotate_key": Example(
        bodies={"With an hour in which both work.": Rotation(overlap_s=3_600)},
        answers={201: _MADE},
    ),
}
