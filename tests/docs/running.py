"""Runs the blocks of a page as a reader would: in order, in one directory, each seeing what those before it left."""

from __future__ import annotations

import contextlib
import difflib
import doctest
import io
import os
import re
import shlex
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.docs.pages import Block, PageError, Treatment, read_blocks

SHELLS = ("console", "sh")
# A page's other programs cannot be relied on: a block that needs them says `skip` and why.
PROGRAMS = ("bedrock-guard", "cat", "cd", "echo", "export", "ls")
_MISSPELT = {"bash": "sh", "py": "python", "pycon": "python", "python3": "python", "shell": "sh", "zsh": "sh"}
_USAGE_ERROR = 2
_TIMEOUT_SECONDS = 60
_QUOTED = re.compile(r"'[^']*'|\\\n")
_SHELL_SYNTAX = re.compile(r"[$`|&;<>*?#\\]")


class BlockFailedError(AssertionError):
    """A block does not do what its page says; the message begins with the page and the line."""


def runnable(blocks: list[Block]) -> bool:
    """Whether there is anything to run among a page's blocks."""
    return any(_is_run(block) for block in blocks)


def run_page(page: Path, directory: Path, setup_names: Mapping[str, Any] | None = None, *, spawn: bool = True) -> None:
    """Runs a page's blocks in `directory`, which must be the working directory.

    Args:
        page: The Markdown file.
        directory: Where the page's files are written and its commands run.
        setup_names: What the page's hidden set-ups see beside the names that set-ups define.
        spawn: Whether `bedrock-guard` is a process each time; else it runs in this one where no shell is needed, which
            is many times as fast.

    Raises:
        BlockFailedError: A block's output is another, its exception is another or missing, or its usage is wrong.
        PageError: The page breaks the rules of `tests.docs.pages`.
        Exception: Whatever a Python block raises; its traceback shows the page's lines.
    """
    run = _PageRun(page, directory, dict(setup_names or {}), spawn)
    for block in read_blocks(page):
        run.block(block)


def _is_run(block: Block) -> bool:
    if block.treatment in (Treatment.SKIP, Treatment.OUTPUT, Treatment.SETUP):
        return False
    return block.language == "python" or (block.language in SHELLS and bool(list(shell_commands(block))))


@dataclass
class _PageRun:
    page: Path
    directory: Path
    setup_names: dict[str, Any]
    spawn: bool
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "__main__"})
    printed: str | None = None
    exit_code: int = 0
    exported: dict[str, str] = field(default_factory=dict)

    def block(self, block: Block) -> None:
        if block.language in _MISSPELT and block.treatment is not Treatment.OUTPUT:
            raise PageError(f"{self._at(block)}: write {_MISSPELT[block.language]} for {block.language}")
        if block.treatment is Treatment.SKIP:
            return
        if block.treatment is Treatment.OUTPUT:
            self._compare_with_printed(block)
        elif block.treatment is Treatment.SETUP:
            exec(self._compiled(block), self.setup_names)  # noqa: S102 - pages are the project's own text
        elif block.language == "python":
            self._run_python(block)
        elif block.treatment is Treatment.RAISES:
            raise PageError(f"{self._at(block)}: only Python raises")
        elif block.language in SHELLS:
            self._run_shell(block)
        elif block.title:
            (self.directory / block.title).write_text(block.text, encoding="utf-8")

    def _at(self, block: Block, further_lines: int = 0) -> str:
        return f"{self.page}:{block.line + further_lines}"

    def _compiled(self, block: Block) -> Any:
        # Empty lines in front: tracebacks then name, and show, the lines of the page.
        return compile("\n" * (block.line - 1) + block.text, str(self.page), "exec", dont_inherit=True)

    def _run_python(self, block: Block) -> None:
        if block.title:
            (self.directory / block.title).write_text(block.text, encoding="utf-8")
        expected = block.detail if block.treatment is Treatment.RAISES else None
        stdout = io.StringIO()
        try:
            with contextlib.redirect_stdout(stdout):
                exec(self._compiled(block), self.names)  # noqa: S102 - pages are the project's own text
        except Exception as error:
            if expected != type(error).__name__:
                raise
            stdout.write(_last_lines(error))
        else:
            if expected:
                raise BlockFailedError(f"{self._at(block)}: does not raise {expected}")
        self.printed = stdout.getvalue()

    def _run_shell(self, block: Block) -> None:
        for offset, command, shown in shell_commands(block):
            where = self._at(block, offset)
            program = next((word for word in shlex.split(command, comments=True) if "=" not in word), "")
            if program not in PROGRAMS:
                raise PageError(f"{where}: {program} is not run here; say `<!-- docs: skip REASON -->`")
            self.printed = self._run_command(command)
            if shown is not None:
                _compare(where, want=shown, got=self.printed)
            elif self.exit_code == _USAGE_ERROR:
                raise BlockFailedError(f"{where}: wrong usage\n{self.printed}")

    def _run_command(self, command: str) -> str:
        """What the command prints, to both streams, as a reader without a colour terminal sees it."""
        if not self.spawn and (arguments := _own_arguments(command)) is not None:
            printed, self.exit_code = run_here(arguments, {**_terminal(self.directory), **self.exported})
            return printed
        exports = self.directory.parent / f"{self.directory.name}.exports"
        script = f"(exit {self.exit_code})\n{command}\ncode=$?\nenv -0 > {shlex.quote(str(exports))}\nexit $code\n"
        done = subprocess.run(
            ["bash", "-c", script],  # noqa: S607 - as a reader finds it
            cwd=self.directory,
            env={**_terminal(self.directory), **self.exported},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
        self.exit_code = done.returncode
        after = (entry.partition("=") for entry in exports.read_text(encoding="utf-8").split("\0") if entry)
        self.exported = {name: value for name, _, value in after}
        return done.stdout

    def _compare_with_printed(self, block: Block) -> None:
        if self.printed is None:
            raise PageError(f"{self._at(block)}: nothing ran before this output")
        _compare(self._at(block), want=block.text, got=self.printed)


def _own_arguments(command: str) -> list[str] | None:
    """The arguments of a `bedrock-guard` command of which a shell would make nothing else."""
    program, *arguments = shlex.split(command.replace("\\\n", " "))
    needs_shell = _SHELL_SYNTAX.search(_QUOTED.sub("", command))
    return None if program != "bedrock-guard" or needs_shell else arguments


def run_here(arguments: list[str], environment: Mapping[str, str]) -> tuple[str, int]:
    """What `bedrock-guard` prints, to both streams, and its exit code, run in this process."""
    from bedrock_guard.cli import main

    printed = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(environment)
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            code = main(arguments)
    finally:
        os.environ.clear()
        os.environ.update(before)
    printed.seek(0)
    return printed.read(), code


def shell_commands(block: Block) -> Iterator[tuple[int, str, str | None]]:
    """Each command of a shell block, with its line within the block and the output shown under it.

    Lines after ``$ `` are commands, and what is between them is output. In a block without ``$ ``, made for copying,
    each line that begins with the program's name is a command whose output is not shown: None.
    """
    lines = block.text.splitlines()
    prompted = any(line.startswith("$ ") for line in lines)
    at = 0
    while at < len(lines):
        start, line = at, lines[at]
        at += 1
        if not line.startswith("$ " if prompted else "bedrock-guard"):
            continue
        while line.endswith("\\") and at < len(lines):
            line = f"{line}\n{lines[at]}"
            at += 1
        shown: list[str] | None = [] if prompted else None
        while shown is not None and at < len(lines) and not lines[at].startswith("$ "):
            shown.append(lines[at])
            at += 1
        yield start, line.removeprefix("$ "), None if shown is None else "".join(f"{text}\n" for text in shown)


def _terminal(directory: Path) -> dict[str, str]:
    """The environment of a reader's shell: `bedrock-guard` is there, the terminal is 80 columns wide and plain."""
    programs = directory.parent / f"{directory.name}.bin"
    if not programs.exists():
        programs.mkdir()
        script = programs / "bedrock-guard"
        run = shlex.join([sys.executable, "-c", "import sys; from bedrock_guard.cli import main; sys.exit(main())"])
        script.write_text(f'#!/bin/sh\nexec {run} "$@"\n', encoding="utf-8")
        script.chmod(0o755)
    paths = os.pathsep.join(filter(None, [str(Path.cwd()), *sys.path]))
    return {
        **os.environ,
        "COLUMNS": "80",
        "NO_COLOR": "1",
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": paths,
        "TERM": "dumb",
    }


def _last_lines(error: Exception) -> str:
    """The end of a traceback: the exception's name, without its module, and its message."""
    text = "".join(traceback.format_exception_only(error))
    return text.removeprefix(f"{type(error).__module__}.")


def _compare(where: str, *, want: str, got: str) -> None:
    """Compares as a reader does: ``...`` stands for anything, and space at the end of a line is not seen."""
    seen = "".join(f"{line.rstrip()}\n" for line in got.rstrip().splitlines())
    wanted = "".join(f"{line.rstrip()}\n" for line in want.rstrip().splitlines())
    if not doctest.OutputChecker().check_output(wanted, seen, doctest.ELLIPSIS):
        lines = difflib.unified_diff(wanted.splitlines(), seen.splitlines(), "the page", "what is printed", lineterm="")
        raise BlockFailedError("\n".join([f"{where}: shows another output", *lines]))
