"""The options that say what an app uses, as ``check`` and ``policy`` take them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from bedrock_guard.arguments import EVALUATORS
from bedrock_guard.cli.completion import complete_actions, complete_capabilities, complete_operations
from bedrock_guard.cli.context import context_values
from bedrock_guard.cli.request_files import read_request

__all__ = ["applied", "declared", "what_options"]

_F = TypeVar("_F", bound=Callable[..., Any])


def what_options(command: _F) -> _F:
    """The options that name what an app uses, whom to ask about and what may be asked."""
    options = [
        click.option("--model", "models", multiple=True, metavar="ID", help="Model or inference profile, id or ARN."),
        click.option(
            "--operation",
            "operations",
            multiple=True,
            metavar="NAME[@ARN]",
            shell_complete=complete_operations,
            help="Operation the app calls (converse, bedrock-runtime:InvokeModel, …), alone or with an ARN.",
        ),
        click.option(
            "--capability",
            "capabilities",
            multiple=True,
            metavar="NAME[@ARN]",
            shell_complete=complete_capabilities,
            help="Named use, such as knowledge-bases.query, alone or with an ARN; `list capabilities` shows all.",
        ),
        click.option(
            "--action",
            "actions",
            multiple=True,
            metavar="ACTION[@ARN]",
            shell_complete=complete_actions,
            help="IAM action, alone or with the resource it is needed on.",
        ),
        click.option(
            "--request",
            "requests",
            multiple=True,
            metavar="OPERATION=JSON",
            help='A whole call: converse={"modelId": …}, or converse=@FILE; its parameters say what it needs.',
        ),
        click.option(
            "--service-role",
            "service_roles",
            multiple=True,
            metavar="KIND=ARN[,detail=…]",
            help="Role that Bedrock is handed or the app runs under: knowledge-base=ARN,bucket=docs; lambda=ARN; …",
        ),
        click.option(
            "--model-access/--no-model-access",
            "model_access",
            default=None,
            help="Ask Bedrock whether it serves the models at all; by default it is asked.",
        ),
        click.option("--principal-arn", metavar="ARN", help="Role or user to ask about; the caller by default."),
        click.option(
            "--context",
            multiple=True,
            metavar="KEY=VALUE",
            help="Condition key that the app's requests will carry; again for a further value.",
        ),
        click.option(
            "--evaluator",
            "evaluators",
            multiple=True,
            type=click.Choice(EVALUATORS),
            help="What may be asked; again for the next. simulator and offline by default; probe calls Bedrock.",
        ),
        click.option(
            "--budget",
            type=click.FloatRange(min=0, min_open=True),
            show_default="10.0",
            metavar="SECONDS",
            help="What the check may take altogether.",
        ),
    ]
    return applied(options, command)


def declared(
    *,
    models: tuple[str, ...],
    operations: tuple[str, ...],
    capabilities: tuple[str, ...],
    actions: tuple[str, ...],
    requests: tuple[str, ...],
    service_roles: tuple[str, ...],
    model_access: bool | None,
    principal_arn: str | None,
    context: tuple[str, ...],
    evaluators: tuple[str, ...],
    budget: float | None,
    region: str | None,
) -> dict[str, Any]:
    """What the options say, as arguments of a guard; those that were not given are not among them."""
    given = {
        "models": models,
        "operations": tuple(_on_resource(text, "--operation") for text in operations),
        "capabilities": tuple(_on_resource(text, "--capability") for text in capabilities),
        "actions": tuple(_on_resource(text, "--action") for text in actions),
        "requests": tuple(read_request(text) for text in requests),
        "service_roles": service_roles,
        "check_model_access": model_access,
        "context": context_values(context),
        "evaluators": evaluators,
        "budget_seconds": budget,
        "region": region,
        "principal_arn": principal_arn,
    }
    return {name: value for name, value in given.items() if value is not None and value not in ((), {})}


def _on_resource(text: str, option: str) -> str | tuple[str, str]:
    """``bedrock:Retrieve`` or ``bedrock:Retrieve@arn:…``; a name holds no ``@``, an ARN may."""
    name, at, arn = text.partition("@")
    if at and not arn:
        raise click.BadParameter(f"{text!r} ends in @: an ARN follows it", param_hint=option)
    return (name, arn) if at else name


def applied(options: Sequence[Callable[[_F], _F]], command: _F) -> _F:
    """The command with the options, which its help lists in this order."""
    for option in reversed(options):
        command = option(command)
    return command
