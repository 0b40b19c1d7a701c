"""Names that the formats take, made of role and policy names."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["Names"]


class Names:
    r"""Names of one file, each given once: a second of the same letters gets a number.

    Every format has an alphabet of its own, and none takes all that IAM does (``[\\w+=,.@-]``).
    """

    def __init__(self) -> None:
        self._given: set[str] = set()

    def snake(self, text: str) -> str:
        """Such as ``app_bedrock``: a name of Terraform, or a variable of Python."""
        words = "_".join(word.lower() for word in _words(text))
        return self._once(words if words and not words[0].isdigit() else f"policy_{words}".rstrip("_"), "_")

    def pascal(self, text: str) -> str:
        """Such as ``AppBedrock``: a logical id of CloudFormation or CDK."""
        words = "".join(word[0].upper() + word[1:] for word in _words(text))
        return self._once(words if words and not words[0].isdigit() else f"Policy{words}", "")

    def camel(self, text: str) -> str:
        """Such as ``appBedrock``: a variable of TypeScript."""
        words = "".join(word[0].upper() + word[1:] for word in _words(text))
        name = words[:1].lower() + words[1:]
        return self._once(name if name and not name[0].isdigit() else f"policy{words}", "")

    def _once(self, name: str, mark: str) -> str:
        for candidate in _numbered(name, mark):
            if candidate not in self._given:
                self._given.add(candidate)
                return candidate
        raise AssertionError("numbers do not end")  # pragma: no cover


def _words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z0-9]+", text)


def _numbered(name: str, mark: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}{mark}{number}"
        number += 1
