"""Where keys and values stand, in each way of TOML to write them. Any mix of them: tests/property."""

from __future__ import annotations

from typing import Any

import pytest

from bedrock_guard.configuration.positions import KeyPath, Positions
from bedrock_guard.configuration.toml import parsed

STYLES: list[tuple[str, KeyPath]] = [
    # The value wanted is 7, the only one in the text.
    ("a = 7", ("a",)),
    ("[a.b]\nc.d = 7", ("a", "b", "c", "d")),
    ('["a.b" . \'c"d\']\n"\\u0065" = 7', ("a.b", 'c"d', "e")),
    ("a = [[1, 2], [3, 7]]", ("a", 1, 1)),
    ("a = [ # ]\n 1, # 2,\n 7,\n]", ("a", 1)),
    ('a = { b = [{ c = 1 }, { "d" = 7 }] }', ("a", "b", 1, "d")),
    ("[[a]]\n[[a]]\n[[a.b]]\n[[a.b]]\nc = 7", ("a", 1, "b", 1, "c")),
    ("[[a]]\nb.c = 1\n[a.d.e]\nf = 7", ("a", 0, "d", "e", "f")),
    ('a = "]"\nb = \'"\'\nc = 7', ("c",)),
    ('a = """x = 1\n""\\"""""\nb = 7', ("b",)),
    ('a = """x"""""\nb = 7', ("b",)),
    ("a = '''x'''''\nb = 7", ("b",)),
    ("a = '''\n\\''' # '''\nb = 7", ("b",)),
    ('a = "\\\\" # "\nb = 7', ("b",)),
    ("a = 1999-05-26 08:32:00 # b = 1\nb = 7", ("b",)),
]


@pytest.mark.parametrize(("text", "path"), STYLES, ids=[text.replace("\n", " ") for text, _ in STYLES])
def test_a_value_is_found_however_it_is_written(text: str, path: KeyPath) -> None:
    found: Any = parsed(text)
    for part in path:
        found = found[part]
    assert found == 7
    assert Positions(text).of_value(path) == text.index("7")


def test_a_table_stands_where_it_is_named_first() -> None:
    text = "[a.b]\n[a]\nc = 1\n"
    positions = Positions(text)
    assert positions.of_key(("a",)) == 1
    assert positions.of_key(("a", "b")) == 3
    assert positions.of_value(("a", "b")) == 3


def test_what_is_not_there_has_the_place_of_the_nearest_above_it() -> None:
    positions = Positions("x = 1\na = { b = [1] }\n")
    assert positions.of_value(("a", "b", 4, "c")) == positions.of_value(("a", "b"))
    assert positions.of_key(("a", "z")) == positions.of_key(("a",))
    assert positions.of_key(("z",)) == 0


def test_a_newer_syntax_is_followed_as_far_as_it_goes() -> None:
    """TOML 1.1 lets inline tables have lines; what nobody knows yet ends the scan and raises nothing."""
    newer = "a = {\n  b = 1,\n  c = 7, # x\n}\nd = 1"
    assert Positions(newer).of_value(("a", "c")) == newer.index("7")
    unknown = Positions("a = 1\nb <- 2\nc = 3\n")
    assert (unknown.of_value(("a",)), unknown.of_value(("c",))) == (4, 0)
