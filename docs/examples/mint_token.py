"""Let a viewer into a stream from your own backend, without a call to the gateway. Needs `pip install pyjwt`.

OVATION_TOKEN_SECRET=… python mint_token.py STREAM VIEWER '{"tier": "gold"}'
"""

import json
import os
import sys
import time
from typing import Any

import jwt


def mint_token(setting: str, stream: str, viewer: str, claims: dict[str, Any], expires_in_s: int = 6 * 3600) -> str:
    """Return a token. `setting` is the gateway's OVATION_TOKEN_SECRET: a secret, or KID:SECRET,KID:SECRET."""
    first = setting.split(",", maxsplit=1)[0].strip()
    kid, secret = first.split(":", 1) if ":" in first else ("default", first)
    payload = {
        "aud": "ovation",
        "sub": viewer,
        "stream": stream,
        "role": "viewer",
        "exp": int(time.time()) + expires_in_s,
        "claims": claims,
    }
    return jwt.encode(payload, secret, algorithm="HS256", headers={"kid": kid})


if __name__ == "__main__":
    stream, viewer, claims = sys.argv[1:4]
    print(mint_token(os.environ["OVATION_TOKEN_SECRET"], stream, viewer, json.loads(claims)))
