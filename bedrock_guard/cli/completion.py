"""``completion``: the script that teaches a shell the commands, options and names; and the names it then offers."""

from __future__ import annotations

from collections.abc import Callable

import click
from click.shell_completion import get_completion_class

from bedrock_guard.cli.output import emit

__all__ = ["complete_actions", "complete_capabilities", "complete_operations", "completion"]

Completer = Callable[[click.Context, click.Parameter, str], "list[str]"]


@click.command(short_help="Print the completion script for a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script for a shell.

    \b
    bash:  eval "$(bedrock-guard completion bash)"          in ~/.bashrc
    zsh:   eval "$(bedrock-guard completion zsh)"           in ~/.zshrc
    fish:  bedrock-guard completion fish > ~/.config/fish/completions/bedrock-guard.fish
    """  # noqa: D301 - the character is click's mark for lines to keep
    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"there is no completion for {shell}")
    root = click.get_current_context().find_root().command
    emit(found(root, {}, "bedrock-guard", "_BEDROCK_GUARD_COMPLETE").source().rstrip())


def complete_operations(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """Methods as Python spells them; keys once a colon or a capital shows that they are meant."""
    from bedrock_guard.bedrock.catalogue import operations

    found = operations()
    names = sorted({operation.method for operation in found.values()}) + list(found)
    return [name for name in names if incomplete and name.startswith(incomplete)] or sorted(
        {operation.service for operation in found.values() if operation.service.startswith(incomplete)}
    )


def complete_capabilities(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """The names of capabilities."""
    from bedrock_guard.bedrock.capabilities import capabilities

    return [name for name in capabilities() if name.startswith(incomplete)]


def complete_actions(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """The actions that the catalogue knows in full, whatever the case they are typed in."""
    from bedrock_guard.bedrock.catalogue import action_names

    return [name for name in action_names() if name.lower().startswith(incomplete.lower())]
