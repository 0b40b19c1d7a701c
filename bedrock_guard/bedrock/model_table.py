"""Writes the table of model ids of the documentation: ``python -m bedrock_guard.bedrock.model_table > docs/models.md``.

A development command. Every row is what :func:`authorised_resources` gives for its example, so that the page cannot say
anything else than the check does; a test fails when the page is stale.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bedrock_guard.bedrock.actions import find_action
from bedrock_guard.bedrock.models import (
    AuthorisedResource,
    Destinations,
    ModelKind,
    authorised_resources,
    parse_model,
)
from bedrock_guard.bedrock.operations import find_operation
from bedrock_guard.bedrock.profiles import destinations, table_version
from bedrock_guard.errors import ConfigurationError

__all__ = ["EXAMPLES", "Example", "main", "page"]

_PLACE = {"partition": "aws", "account": "123456789012"}
_HERE = "arn:aws:bedrock:us-east-1:123456789012"
_SONNET = "anthropic.claude-sonnet-4-5-20250929-v1:0"
_NOVA = "amazon.nova-lite-v1:0"
_REEL = "amazon.nova-reel-v1:0"


@dataclass(frozen=True, slots=True)
class Example:
    """One row: a model id, and what Bedrock says is behind it.

    Attributes:
        title: What the id names.
        text: The id or ARN.
        region: That is called.
        served: Where it is served, where the id alone does not say.
        note: What else there is to know.
        operation: That is called, where it is not any of the calls of a model.
    """

    title: str
    text: str
    region: str = "us-east-1"
    served: Destinations | None = None
    note: str = ""
    operation: str = ""

    @property
    def kind(self) -> ModelKind:
        return parse_model(self.text).kind

    def resources(self) -> tuple[AuthorisedResource, ...]:
        """What a call is authorised on.

        Raises:
            ConfigurationError: The id cannot be called.
        """
        found = authorised_resources(parse_model(self.text), region=self.region, destinations=self.served, **_PLACE)
        return (*found, *self._of_operation())

    def _of_operation(self) -> Iterator[AuthorisedResource]:
        if not self.operation:
            return
        for use in find_operation(self.operation).actions:
            kinds = {kind.name: kind for kind in find_action(use.action).resource_kinds}
            for name in use.also_on:
                pattern = kinds[name].pattern(region=self.region, **_PLACE)
                yield AuthorisedResource(pattern, {"aws:RequestedRegion": self.region}, action=use.action)


def _model(region: str, model_id: str = _SONNET) -> str:
    return f"arn:aws:bedrock:{region}::foundation-model/{model_id}"


def _behind(text: str, region: str = "us-east-1", served: Destinations | None = None) -> tuple[AuthorisedResource, ...]:
    return authorised_resources(parse_model(text), region=region, destinations=served, **_PLACE)


def _listed(profile: str, region: str) -> Sequence[str]:
    return destinations(profile, region) or ()


EXAMPLES: tuple[Example, ...] = (
    Example(
        "Foundation model",
        _NOVA,
        note="Newer models are served through profiles only; the check says so ([BG303](codes/BG303.md)).",
    ),
    Example("Foundation model, ARN", _model("us-east-1", _NOVA)),
    Example(
        "Inference profile of a geography",
        f"us.{_SONNET}",
        served=_listed(f"us.{_SONNET}", "us-east-1"),
        note="Every destination is an authorization of its own, with its own Region. All must be allowed: which one "
        "serves a request is Bedrock's choice.",
    ),
    Example(
        "Inference profile of a geography, other Region",
        f"eu.{_SONNET}",
        "eu-west-1",
        _listed(f"eu.{_SONNET}", "eu-west-1"),
        "The destinations depend on the Region that is called.",
    ),
    Example(
        "Global inference profile",
        f"global.{_SONNET}",
        "eu-west-1",
        note="The ARN without a Region is judged with `aws:RequestedRegion` = `unspecified`, which a Region lock has "
        "to list.",
    ),
    Example(
        "Application inference profile of one model",
        f"{_HERE}:application-inference-profile/a1b2c3d4e5f6",
        served=[_model("us-east-1", _NOVA)],
        note="Its id says nothing about the models: `bedrock:GetInferenceProfile` does. The bare id `a1b2c3d4e5f6` is "
        "taken for one of the caller's account.",
    ),
    Example(
        "Application inference profile, copied from a profile of a geography",
        f"{_HERE}:application-inference-profile/a1b2c3d4e5f6",
        served=[_model(region) for region in _listed(f"us.{_SONNET}", "us-east-1")],
        note="Whether the profile that was copied is authorised too is not documented.",
    ),
    Example(
        "Provisioned Throughput",
        f"{_HERE}:provisioned-model/a1b2c3d4e5f6",
        note="By its ARN; the model behind it is not authorised.",
    ),
    Example("Custom model, on-demand deployment", f"{_HERE}:custom-model-deployment/a1b2c3d4e5f6"),
    Example("Custom model itself", f"{_HERE}:custom-model/{_NOVA}:300k/a1b2c3d4e5f6"),
    Example("Imported model", f"{_HERE}:imported-model/a1b2c3d4e5f6"),
    Example(
        "Prompt router",
        f"{_HERE}:prompt-router/a1b2c3d4e5f6",
        served=[*_behind(_NOVA), *_behind(f"us.{_NOVA}", served=_listed(f"us.{_NOVA}", "us-east-1"))],
        note="The targets, as `bedrock:GetPromptRouter` gives them, may be models or profiles.",
    ),
    Example(
        "Default prompt router",
        f"{_HERE}:default-prompt-router/anthropic.claude:1",
        served=[_model("us-east-1", "anthropic.claude-3-haiku-20240307-v1:0")],
    ),
    Example(
        "Prompt version",
        f"{_HERE}:prompt/PROMPT1234:2",
        served=_behind(f"us.{_NOVA}", served=_listed(f"us.{_NOVA}", "us-east-1")),
        note="The model that the prompt names (`bedrock:GetPrompt` tells) is called like any other.",
    ),
    Example(
        "Marketplace model",
        "arn:aws:sagemaker:us-east-1:123456789012:endpoint/my-endpoint",
        note="All Marketplace endpoints are one resource to Bedrock; the endpoint is SageMaker's.",
    ),
    Example(
        "Asynchronous call",
        _REEL,
        note="`StartAsyncInvoke` also writes to the caller's bucket: `s3:PutObject` under the output prefix.",
        operation="bedrock-runtime:StartAsyncInvoke",
    ),
)

_HEAD = f"""# Model ids

Everything that Bedrock takes as `modelId`, and what a call with it is authorised on. Account 123456789012. This page is
generated by the code that the check runs.

* **action**: *the call's own* is `bedrock:InvokeModel` for `Converse`, `InvokeModel` and `StartAsyncInvoke`, and
  `bedrock:InvokeModelWithResponseStream` for `ConverseStream` and `InvokeModelWithResponseStream`.
* **context**: the condition keys that Bedrock sets for that authorization, besides those of every request.
* ⚠ marks what AWS's documentation does not settle. It is asked about, and a denial of it is a note and not a failure.

Where a profile routes to is asked of Bedrock. Where Bedrock does not tell, it is read from the shipped table
({table_version()}). The report says which of the two it was ([BG314](codes/BG314.md),
[BG301](codes/BG301.md)); where neither tells, it says `unverified` ([BG302](codes/BG302.md)).
"""


def page() -> str:
    """The page, in Markdown."""
    return "\n".join((_HEAD, *(_section(example) for example in EXAMPLES)))


def _section(example: Example) -> str:
    lines = [f"## {example.title}", "", f"`{example.text}`, called in {example.region}", ""]
    try:
        resources = example.resources()
    except ConfigurationError as error:
        lines += [f"Refused: {error}", ""]
    else:
        lines += ["| authorised on | action | context |", "| --- | --- | --- |", *_rows(resources), ""]
    if example.note:
        lines += [example.note, ""]
    return "\n".join(lines)


def _rows(resources: Sequence[AuthorisedResource]) -> Iterator[str]:
    for one in resources:
        context = "<br>".join(f"`{key}` = `{value}`" for key, value in sorted(one.context.items()))
        action = f"`{one.action}`" if one.action else "the call's own"
        yield f"| {'⚠ ' if one.advisory else ''}`{one.arn}` | {action} | {context} |"


def main() -> None:
    """Prints the page."""
    sys.stdout.write(page())


if __name__ == "__main__":
    main()
