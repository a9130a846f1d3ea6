"""uvicorn's HTTP protocol, in which a crowd's calls do not become an ASGI application's."""

from typing import Any

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from contracts.limits import MAX_BODY_BYTES
from gateway.hot.call import Call, ids_of
from gateway.hot.crowd import Crowd
from gateway.hot.exchange import Exchange
from gateway.hot.incoming import Incoming
from gateway.live.wire import CLOSE_S, WIRE, Wire

_LAST_CHUNK = b"0\r\n\r\n"
_UNUSUAL = frozenset({b"expect", b"idempotency-key", b"transfer-encoding", b"upgrade"})
"""Headers of requests that take the usual way."""


class HttpProtocol(Wire, Incoming):
    """A connection. What is a call and nothing unusual goes to `crowd`; everything else goes as ever.

    It puts itself, as a wire, into the ASGI scope's extensions: an answer in chunks may be handed over once its head is
    sent.
    """

    def __init__(self, *, crowd: Crowd, **options: Any) -> None:
        super().__init__(**options)
        self._crowd = crowd
        self._call: Call | None = None

    def on_message_begin(self) -> None:
        # The scope is for an application, and a call needs none.
        self.url, self.headers, self.expect_100_continue = b"", [], False
        self._begins()

    def on_headers_complete(self) -> None:
        self._has_head()
        self._call = self._call_of()
        if self._call is None:
            self._begin()

    def on_body(self, body: bytes) -> None:
        if self._call is None:
            super().on_body(body)
        else:
            self._call.body += body

    def on_message_complete(self) -> None:
        call, self._call = self._call, None
        self._is_whole()
        if call is None:
            super().on_message_complete()
        elif self._crowd.takes(call):
            self.cycle = exchange = Exchange(
                self.transport,
                self.server_state.default_headers,
                self.on_response_complete,
                self.headers,
                keep_alive=self.parser.should_keep_alive(),
            )
            self._crowd.answer(call, exchange)
        else:
            self._begin()
            super().on_body(call.body)
            super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        super().handle_websocket_upgrade()
        # The parser and this protocol hold each other, and a socket may be open for long.
        self.parser = None  # type: ignore[assignment]

    def pause_reading(self) -> None:
        """As above; uvicorn holds what comes behind a request that is not answered yet."""

    def resume_reading(self) -> None:
        """As above."""

    def close(self, code: int, reason: str) -> None:
        """End the answer, which has no place for a reason."""
        if not self.transport.is_closing():
            self.transport.write(_LAST_CHUNK)
            self.transport.close()
            self.loop.call_later(CLOSE_S, self.abort)

    def _has_cycle(self) -> bool:
        """As above: a call gets its cycle when it is whole."""
        return super()._has_cycle() and self._call is None

    def _begin(self) -> None:
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expects
        self.headers += headers
        self.scope["extensions"] = {WIRE: self}  # type: ignore[dict-item]
        super().on_headers_complete()

    def _call_of(self) -> Call | None:
        """Return the call that a request is by its headers, or None for what takes the usual way."""
        is_free = self.cycle is None or self.cycle.response_complete
        if not is_free or self.flow.write_paused or self.parser.get_method() != b"POST":
            return None
        ids = ids_of(self.url)
        if ids is None or self.parser.get_http_version() != "1.1":
            return None
        authorization, length, forwarded = None, None, None
        for name, value in self.headers:
            if name == b"authorization" and authorization is None:
                authorization = value.decode("latin-1")
            elif name == b"content-length":
                length = value
            elif name == b"x-forwarded-for":
                forwarded = value if forwarded is None else forwarded + b", " + value
            elif name in _UNUSUAL:
                return None
        if length is None or int(length) > MAX_BODY_BYTES:
            return None
        return Call(*ids, self._host(forwarded), authorization)

    def _host(self, forwarded: bytes | None) -> str | None:
        """Return who calls: the peer, or whom a proxy that uvicorn trusts says that it calls for."""
        host = self.client[0] if self.client else None
        proxies = self.config.loaded_app
        if forwarded is None or not isinstance(proxies, ProxyHeadersMiddleware) or host not in proxies.trusted_hosts:
            return host
        return proxies.trusted_hosts.get_trusted_client_address(forwarded.decode("latin-1"))[0] or host
