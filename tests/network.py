"""Keeps a process from talking to anything but itself.

An audit hook sees every connection and name look-up of the interpreter, whichever library, thread or subclass of
socket makes it. It cannot be removed again, so it lasts as long as the process. It does not reach child processes.
"""

from __future__ import annotations

import ipaddress
import sys
from dataclasses import dataclass
from typing import Any

_CONNECTS = ("socket.connect", "socket.sendto")
_LOOK_UPS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")


@dataclass(frozen=True)
class BlockedCall:
    """A call that was refused: the audit event, such as ``socket.connect``, and the host it named."""

    event: str
    host: str

    def __str__(self) -> str:
        return f"{self.event} to {self.host}"


class BlockedCallError(RuntimeError):
    """A test tried to reach a host beyond loopback."""


def is_local(address: Any) -> bool:
    """Whether a socket address or host name stays on this machine. Paths of Unix sockets do."""
    if isinstance(address, tuple):
        return is_local(address[0])
    if isinstance(address, bytes):
        address = address.decode("ascii", "replace")
    if not isinstance(address, str) or address in ("", "localhost") or address.startswith(("/", "\0")):
        return True
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return parsed.is_loopback or parsed.is_unspecified


def block_all_but_loopback() -> list[BlockedCall]:
    """Blocks from now on; the list that is returned grows with each refused call."""
    refused: list[BlockedCall] = []

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _CONNECTS:
            address = arguments[1]
        elif event in _LOOK_UPS:
            address = arguments[0]
        else:
            return
        if is_local(address):
            return
        call = BlockedCall(event, str(address[0] if isinstance(address, tuple) else address))
        refused.append(call)
        raise BlockedCallError(f"tests stay on this machine, but one tried {call}")

    sys.addaudithook(audit)
    return refused
