"""The sandbox on a port of the loopback interface."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from bedrock_guard.testing.requests import Received
from bedrock_guard.testing.wire_errors import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

__all__ = ["LoopbackServer"]

_LOOPBACK = "127.0.0.1"
_REASONS = {200: "OK", 201: "Created", 202: "Accepted", 403: "Forbidden", 404: "Not Found"}


class _QuietHandler(WSGIRequestHandler):
    """Writes no line per request to the terminal."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        """Nothing is logged: the sandbox keeps its own record of calls."""


class LoopbackServer:
    """Serves requests from threads until it is stopped; never reachable from another machine."""

    def __init__(self, answer: Callable[[Received], Response], region: str, tls: ssl.SSLContext | None = None) -> None:
        """Args:
        answer: To a request.
        region: That the address stands for.
        tls: The server's side of TLS; plain HTTP without it.
        """
        self._answer = answer
        self._region = region
        self._tls = tls
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port it listens on.

        Raises:
            RuntimeError: It is not running.
        """
        if self._server is None:
            raise RuntimeError("the sandbox is not running")
        return self._server.port

    @property
    def running(self) -> bool:
        """Whether it accepts connections."""
        return self._server is not None

    def start(self, port: int) -> None:
        """Listens from now on.

        Args:
            port: 0 for any free one.

        Raises:
            OSError: The port is taken.
        """
        # Bound here and not by werkzeug, which ends the process when a port is taken.
        with socket.create_server((_LOOPBACK, port), backlog=128) as listening:
            server = make_server(
                _LOOPBACK,
                listening.getsockname()[1],
                self._application,
                threaded=True,
                request_handler=_QuietHandler,
                fd=listening.fileno(),
                ssl_context=self._tls,
            )
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="bedrock-guard-sandbox", daemon=True)
        self._server, self._thread = server, thread
        thread.start()

    def stop(self) -> None:
        """Connections are refused from now on; requests under way are answered."""
        server, thread, self._server, self._thread = self._server, self._thread, None, None
        if server is not None and thread is not None:
            server.shutdown()
            thread.join()
            server.server_close()

    def _application(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        response = self._answer(_received(environ, self._region))
        reason = _REASONS.get(response.status, "Error")
        headers = [("Content-Type", response.content_type), ("Content-Length", str(len(response.body)))]
        start_response(f"{response.status} {reason}", [*headers, *response.headers])
        return [response.body]


def _received(environ: WSGIEnvironment, region: str) -> Received:
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): str(value)
        for name, value in environ.items()
        if name.startswith("HTTP_") or name in ("CONTENT_TYPE", "CONTENT_LENGTH")
    }
    length = headers.get("content-length", "0")
    body = environ["wsgi.input"].read(int(length)) if length.isdigit() else b""
    if headers.get("transfer-encoding") == "chunked":
        body = environ["wsgi.input"].read()
    path = str(environ.get("RAW_URI") or environ.get("PATH_INFO", "/")).partition("?")[0]
    query = str(environ.get("QUERY_STRING", ""))
    return Received(str(environ["REQUEST_METHOD"]), path, query, headers, body, region)
