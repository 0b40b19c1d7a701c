"""The harness that runs the docs fails where a page is wrong: else the pages' own tests could not."""

from __future__ import annotations

import os
import textwrap
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.docs.pages import PageError, Treatment, read_blocks
from tests.docs.running import BlockFailedError, run_page, runnable

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes a page; the working directory becomes the reader's."""
    (tmp_path / "page").mkdir()
    monkeypatch.chdir(tmp_path / "page")

    def write_page(text: str) -> Path:
        page = tmp_path / "example.md"
        page.write_text(textwrap.dedent(text), encoding="utf-8")
        return page

    return write_page


def run(page: Path, **setup_names: Any) -> None:
    run_page(page, Path.cwd(), setup_names)


def test_blocks_are_read_with_language_title_line_and_treatment(write: Write) -> None:
    """Also blocks of lists, which are indented, and fences of tildes or of more than three marks."""
    page = write(
        """\
        # Title

        ```json title="policy.json"
        {}
        ```

        1. In a list:

            ~~~~python
            if True:
                print("```")
            ~~~~

        <!-- docs: skip needs an account -->

        ```sh
        make coffee
        ```
        """
    )
    assert [(b.language, b.title, b.line, b.text, b.treatment, b.detail) for b in read_blocks(page)] == [
        ("json", "policy.json", 4, "{}\n", Treatment.RUN, ""),
        ("python", "", 10, 'if True:\n    print("```")\n', Treatment.RUN, ""),
        ("sh", "", 17, "make coffee\n", Treatment.SKIP, "needs an account"),
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("<!-- docs: skip -->\n```python\n```\n", ":1: skip needs to say what"),
        ("<!-- docs: raises -->\n```python\n```\n", ":1: raises needs to say what"),
        ("<!-- docs: output of it -->\n```text\n```\n", ":1: output takes nothing"),
        ("<!-- docs: skpi it -->\n```python\n```\n", ":1: unknown treatment 'skpi'"),
        ("<!-- docs: run -->\n```python\n```\n", ":1: unknown treatment 'run'"),
        ("\n<!-- docs: skip why -->\nwords\n```python\n```\n", ":2: no block follows"),
        ("<!-- docs: skip why -->\n<!-- docs: output -->\n```python\n```\n", ":1: no block follows"),
        ("<!-- docs: skip why -->\n", ":1: no block follows"),
        ("<!-- docs: setup -->\n", ":1: setup is a comment of several lines"),
        ("<!-- docs: setup\nx = 1\n", ":1: this comment does not end"),
        ("words\n```python\nx = 1\n", ":2: this block does not end"),
        ("```bash\nbedrock-guard list\n```\n", ":2: write sh for bash"),
        ("```pycon\n>>> 1\n```\n", ":2: write python for pycon"),
        ("<!-- docs: raises ValueError -->\n```sh\nls\n```\n", ":3: only Python raises"),
        ("<!-- docs: output -->\n```text\n```\n", ":3: nothing ran before"),
        ("```console\n$ export A=1\n$ curl example.com\n```\n", ":3: curl is not run here"),
    ],
)
def test_a_page_that_breaks_the_rules_is_refused_by_line(write: Write, text: str, complaint: str) -> None:
    """A misspelt comment must not quietly turn a test off."""
    with pytest.raises(PageError, match=complaint):
        run(write(text))


def test_later_blocks_see_names_and_files_of_earlier_ones(write: Write) -> None:
    page = write(
        """\
        ```toml title="settings.toml"
        region = "us-east-1"
        ```
        ```python
        from pathlib import Path
        text = Path("settings.toml").read_text()
        ```
        ```python
        assert text == 'region = "us-east-1"\\n'
        print("was", "read")
        ```
        <!-- docs: output -->
        ```text
        was read
        ```
        """
    )
    run(page)


def test_a_failing_block_fails_with_the_line_of_the_page(write: Write) -> None:
    page = write("Text.\n\n```python\nx = 1\nassert x == 2\n```\n")
    with pytest.raises(AssertionError) as failure:
        run(page)
    last = traceback.extract_tb(failure.value.__traceback__)[-1]
    assert (last.filename, last.lineno, last.line) == (str(page), 5, "assert x == 2")


def test_a_skipped_block_is_not_run(write: Write) -> None:
    page = write("<!-- docs: skip it costs money -->\n```python\nraise SystemExit\n```\n")
    assert not runnable(read_blocks(page))
    run(page)


def test_setups_are_run_and_unseen(write: Write) -> None:
    """A name that only a hidden set-up defines would be missing for the reader."""
    seen: list[str] = []
    text = "<!-- docs: setup\nsecret = 1\nseen.append(str(secret))\n-->\n```python\n{}\n```\n"
    run(write(text.format("x = 1")), seen=seen)
    assert seen == ["1"]
    for name in ("secret", "seen"):
        with pytest.raises(NameError):
            run(write(text.format(name)), seen=seen)


RAISING = "<!-- docs: raises ValueError -->\n```python\n{}\n```\n<!-- docs: output -->\n```text\n{}\n```\n"


def test_an_exception_that_the_page_shows_is_compared(write: Write) -> None:
    run(write(RAISING.format('print("first")\nraise ValueError("no such model")', "first\nValueError: no such model")))
    with pytest.raises(BlockFailedError, match=r"example.md:7: shows another output[^§]*\+ValueError: no such model"):
        run(write(RAISING.format('raise ValueError("no such model")', "ValueError: unknown model")))


def test_an_exception_that_the_page_promises_must_come(write: Write) -> None:
    with pytest.raises(BlockFailedError, match=r":3: does not raise ValueError"):
        run(write(RAISING.format("pass", "")))
    with pytest.raises(KeyError):
        run(write(RAISING.format("raise KeyError", "")))


def test_commands_are_run_in_one_shell_and_compared(write: Write) -> None:
    """Exit codes, variables and continued lines carry over, as in a reader's terminal."""
    page = write(
        """\
        ```json title="policy.json"
        {"a": 1}
        ```
        ```console
        $ export GREETING="good morning"
        $ echo "$GREETING" \\
            again
        good morning again
        $ cat policy.json
        {...}
        $ cat missing
        ... No such file ...
        $ echo $?
        1
        ```
        """
    )
    run(page)


def test_another_output_of_a_command_fails_with_the_difference(write: Write) -> None:
    page = write("```console\n$ echo one\none\n$ echo two\nthree\n```\n")
    with pytest.raises(BlockFailedError, match=r"example.md:4: shows another output[^§]*-three\n\+two$"):
        run(page)


def test_output_that_the_page_does_not_show_fails(write: Write) -> None:
    """A page that shows nothing under a command says that it prints nothing."""
    with pytest.raises(BlockFailedError, match=r":2: shows another output"):
        run(write("```console\n$ echo one\n```\n"))


@pytest.mark.parametrize(
    ("text", "expected"), [("$ echo one\none\n", True), ("bedrock-guard list\n", True), ("make\n", False)]
)
def test_only_shell_blocks_with_a_prompt_or_our_command_are_run(write: Write, text: str, expected: bool) -> None:
    assert runnable(read_blocks(write(f"```sh\n{text}```\n"))) is expected


@pytest.mark.parametrize("spawn", [True, False])
def test_our_command_prints_the_same_as_a_process_and_in_this_one(write: Write, *, spawn: bool) -> None:
    """Both streams, in order, with the variables and the exit codes of the page."""
    page = write(
        """\
        ```json title="p.json"
        {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
        ```
        ```console
        $ export AWS_DEFAULT_REGION=eu-north-1
        $ bedrock-guard check --policy-file p.json \\
            --action bedrock:ListAgents
        1 of 1 permission is missing for the given policies in eu-north-1
        ...
        $ echo $?
        1
        $ bedrock-guard check --action 'bedrock:Nothing'
        error[BG501]: ...
        $ echo $?
        2
        $ bedrock-guard list codes BG101 | cat
        BG101  no policy allows it
        ```
        """
    )
    run_page(page, Path.cwd(), spawn=spawn)
    assert "AWS_DEFAULT_REGION" not in os.environ


def test_a_command_run_in_this_process_is_compared_too(write: Write) -> None:
    with pytest.raises(BlockFailedError, match=r"example.md:2: shows another output[^§]*\+BG101  no policy"):
        run_page(write("```console\n$ bedrock-guard list codes BG101\nBG102\n```\n"), Path.cwd(), spawn=False)
