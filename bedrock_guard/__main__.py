"""``python -m bedrock_guard``: the same as the command ``bedrock-guard``."""

from __future__ import annotations

import sys

from bedrock_guard.cli import main

if __name__ == "__main__":
    sys.exit(main())
