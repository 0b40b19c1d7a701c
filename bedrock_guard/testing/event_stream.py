"""Amazon's event stream encoding.

Source: smithy.io/2.0/aws/amazon-eventstream.html (read 2026-11): a prelude of total length, headers length and its
checksum; headers; payload; a checksum of all before it.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from typing import Any

__all__ = ["CONTENT_TYPE", "event", "exception"]

CONTENT_TYPE = "application/vnd.amazon.eventstream"

_STRING = 7


def event(event_type: str, payload: Mapping[str, Any]) -> bytes:
    """One event with a JSON payload."""
    return _message({":event-type": event_type, ":message-type": "event"}, payload)


def exception(exception_type: str, message: str) -> bytes:
    """The error of the service's model that ends a stream midway, such as ``"modelStreamErrorException"``."""
    return _message({":exception-type": exception_type, ":message-type": "exception"}, {"message": message})


def _message(named: Mapping[str, str], payload: Mapping[str, Any]) -> bytes:
    headers = b"".join(_header(name, value) for name, value in (*named.items(), (":content-type", "application/json")))
    body = json.dumps(payload, separators=(",", ":")).encode()
    # Twelve bytes of prelude before and four of checksum after.
    prelude = struct.pack("!II", 16 + len(headers) + len(body), len(headers))
    message = prelude + struct.pack("!I", zlib.crc32(prelude)) + headers + body
    return message + struct.pack("!I", zlib.crc32(message))


def _header(name: str, value: str) -> bytes:
    encoded_name, encoded = name.encode(), value.encode()
    return bytes([len(encoded_name)]) + encoded_name + struct.pack("!BH", _STRING, len(encoded)) + encoded
