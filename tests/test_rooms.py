"""The table of rooms that a contributor reads is the one that the import contract keeps."""

from __future__ import annotations

import re
from pathlib import Path

_ROOT = Path(__file__).parents[1]


def rooms_of_the_table() -> list[str]:
    """The names in the first column of CONTRIBUTING's table of rooms, from top to bottom."""
    section = (_ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## The rooms")[1].split("\n## ")[0]
    first_cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return [name.rstrip("/").removesuffix(".py") for cell in first_cells for name in re.findall(r"`([^`]+)`", cell)]


def layers_of_the_contract() -> list[list[str]]:
    """The rooms of each layer, highest first; what is in parentheses is not built yet."""
    text = (_ROOT / "pyproject.toml").read_text(encoding="utf-8")
    found = re.search(r"^layers = \[\n(.*?)^\]", text, re.DOTALL | re.MULTILINE)
    assert found is not None
    layers = re.findall(r'"([^"]+)"', found.group(1))
    return [[room for room in map(str.strip, layer.split("|")) if not room.startswith("(")] for layer in layers]


def test_every_room_has_a_row_and_the_rows_stand_in_the_order_of_the_layers() -> None:
    layers = layers_of_the_contract()
    height = {room: number for number, layer in enumerate(layers) for room in layer}
    rooms = rooms_of_the_table()
    assert set(rooms) == set(height) - {"__main__"}
    assert len(rooms) == len(set(rooms))
    heights = [height[room] for room in rooms]
    assert heights == sorted(heights)
