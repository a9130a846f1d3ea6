"""Credentials in a header."""

_BEARER = "bearer "


def bearer(authorization: str | None) -> str | None:
    """Return the credentials of an `Authorization: Bearer` header (RFC 6750), or None."""
    if authorization is None or authorization[: len(_BEARER)].lower() != _BEARER:
        return None
    return authorization[len(_BEARER) :].strip() or None
