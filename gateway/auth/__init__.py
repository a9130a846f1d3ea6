"""Who is asking: broadcasters by API key, viewers and overlays by a signed, expiring token bound to one stream."""

from gateway.auth.api_keys import ApiKeys, Broadcaster
from gateway.auth.bearer import bearer
from gateway.auth.secrets import SigningKey, signing_secrets
from gateway.auth.tokens import Tokens
from gateway.auth.viewer import Role, Viewer, participant

__all__ = [
    "ApiKeys",
    "Broadcaster",
    "Role",
    "SigningKey",
    "Tokens",
    "Viewer",
    "bearer",
    "participant",
    "signing_secrets",
]
