"""Where the sandbox listens: one HTTP address, and one HTTPS address for each Region that is asked for.

A signature names its Region. A request with a Bedrock API key does not, and no AWS SDK sends one over plain HTTP: such
requests need TLS, and an address that stands for a Region as AWS's own do.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bedrock_guard.testing.requests import Received
from bedrock_guard.testing.server import LoopbackServer
from bedrock_guard.testing.wire_errors import Response

if TYPE_CHECKING:
    from bedrock_guard.testing.certificates import LoopbackCertificate

__all__ = ["Endpoints"]


class Endpoints:
    """The addresses of one sandbox.

    Attributes:
        port: Of the HTTP address; once started it stays the same.
    """

    def __init__(self, answer: Callable[[Received], Response], region: str, port: int) -> None:
        self.port = port
        self._answer = answer
        self._plain = LoopbackServer(answer, region)
        self._secure: dict[str, LoopbackServer] = {}
        self._certificate: LoopbackCertificate | None = None

    @property
    def running(self) -> bool:
        """Whether it accepts connections."""
        return self._plain.running

    def start(self) -> None:
        """Listens from now on.

        Raises:
            OSError: The port is taken.
        """
        if not self.running:
            self._plain.start(self.port)
            self.port = self._plain.port

    def stop(self) -> None:
        """Listens no more; the HTTPS addresses and their certificate are gone."""
        for server in (self._plain, *self._secure.values()):
            server.stop()
        self._secure.clear()
        if self._certificate is not None:
            self._certificate.discard()
            self._certificate = None

    def secure_url(self, region: str) -> str:
        """The HTTPS address of a Region.

        Raises:
            RuntimeError: It is not running.
        """
        if not self.running:
            raise RuntimeError("the sandbox is not running")
        server = self._secure.get(region)
        if server is None:
            server = self._secure[region] = LoopbackServer(self._answer, region, self._trusted().context)
            server.start(0)
        return f"https://127.0.0.1:{server.port}"

    def certificate_file(self) -> str:
        """The path of what a client has to trust to use the HTTPS addresses."""
        return str(self._trusted().file)

    @contextlib.contextmanager
    def refusing(self) -> Iterator[None]:
        """While this lasts nothing listens."""
        listening = [(server, server.port) for server in (self._plain, *self._secure.values())]
        for server, _ in listening:
            server.stop()
        try:
            yield
        finally:
            for server, port in listening:
                server.start(port)

    def _trusted(self) -> LoopbackCertificate:
        if self._certificate is None:
            from bedrock_guard.testing.certificates import LoopbackCertificate

            self._certificate = LoopbackCertificate()
        return self._certificate
