"""The opening of a WebSocket, for clients that are leaner than a library."""


def handshake(path: str, token: str) -> bytes:
    """Return a client's request (RFC 6455, section 4.1). Its key is always the same: nobody checks the answer."""
    return (
        f"GET {path} HTTP/1.1\r\nhost: ovation\r\nconnection: Upgrade\r\nupgrade: websocket\r\n"
        f"sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        f"authorization: Bearer {token}\r\n\r\n"
    ).encode()
