"""Runs the examples that a package documents itself with, as they are installed, and prints how each ended.

python documented_examples.py langchain_aws      those of its chat model's docstring
python documented_examples.py strands            those of its README
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.metadata
import io
import re
import sys
import textwrap
from typing import Any

_ELSEWHERE = re.compile(r"ollama|gemini|llama|mcp|bidi|load_tools_from_directory", re.IGNORECASE)
"""What an example needs besides Bedrock: other providers, other servers, a microphone, a folder of tools."""


def documentation(package: str) -> str:
    if package == "strands":
        return str(importlib.metadata.metadata("strands-agents").json["description"])
    return str(importlib.import_module(package).ChatBedrockConverse.__doc__)


def main() -> None:
    names: dict[str, Any] = {"__name__": "example"}
    blocks = re.findall(r"```python\n(.*?)```", documentation(sys.argv[1]), re.DOTALL)
    for number, block in enumerate(blocks):
        if _ELSEWHERE.search(block):
            continue
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(textwrap.dedent(block), names)  # noqa: S102 - the examples of a pinned package
        except (NameError, SyntaxError):
            continue  # what an example before it prints
        except Exception as error:  # noqa: BLE001 - the sandbox's model answers with one sentence, whatever is asked
            print(f"example {number}: {type(error).__name__}")  # noqa: T201
        else:
            print(f"example {number}: passed")  # noqa: T201


main()
