"""Whether an answer is right, by criteria that a program can check and that hold for every explainer alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from fnmatch import fnmatchcase

from tests.benchmarks.explainers.claims import Claim, Claims
from tests.benchmarks.explainers.message import Message, Owner, Truth


class Criterion(str, Enum):
    """What is checked; the value is the word for it on the page."""

    RECOGNISED = "recognised"
    WHETHER_IAM = "IAM or not"
    CALLER = "caller"
    ACTION = "action"
    RESOURCE = "resource"
    LAYER = "layer"
    EXPLICIT = "Deny or no Allow"
    ALLOW = "no vain Allow"
    OWNER = "owner"


MEANING: Mapping[Criterion, str] = {
    Criterion.RECOGNISED: "A denial by IAM: the answer names the action or the kind of policy, for every denial in the "
    "text. Anything else: it names the cause, or says that the message names none, in words of its own; an echo of the "
    "message does not count.",
    Criterion.WHETHER_IAM: "What no policy ends: the answer says that it is not a matter of IAM, or that it found no "
    "sign of that. Where the message leaves it open, it must not say so. Not asked of the marketplace's message, where "
    "rights play a part.",
    Criterion.CALLER: "The role is named.",
    Criterion.ACTION: "The denied action is named, and no other. The operation is not the action.",
    Criterion.RESOURCE: "The resource is named whole; a pattern that covers it and is not just `*` counts. Where the "
    "message names none, none or `*` is right.",
    Criterion.LAYER: "The kind of policy is the one that the message names; none is named where the message does not.",
    Criterion.EXPLICIT: "A Deny is told from a missing Allow, where the message tells.",
    Criterion.ALLOW: "No Allow is offered that cannot end the denial: of another action, in another kind of policy, "
    "against a Deny, or for what IAM did not deny. To offer none is no fault.",
    Criterion.OWNER: "Whoever can end it is named, in any of the words listed below.",
}
"""What each criterion asks for."""

OWNER_WORDS: Mapping[Owner, str] = {
    Owner.ROLE: r"identity[- ](based )?polic|policies of the denied principal|aws admin|proposed permissions:"
    r'|"attachmenttargetarn": "arn:aws:iam::\d+:role/',
    Owner.BOUNDARY: r"boundary owner|owns the (permissions )?boundary|owner of the (permissions )?boundary",
    Owner.SESSION: r"whoever (creates|assumes) the (role|session)",
    Owner.ORGANIZATION: r"organizations? administrator|owner of the organization|management account",
    Owner.ENDPOINT: r"endpoint owner|owner of the (vpc )?endpoint",
    Owner.TARGET: r"role owner|owner of the (role|resource)",
    Owner.ACCOUNT: r"(?<!organizations )administrator|account admin|aws admin",
    Owner.CALLER: r"whoever runs the app|your (aws )?(session|credentials)|renew|log in|sign in|change the model",
}
"""The words that name each owner, as patterns; whatever an explainer calls them."""

_NOT_IAM = re.compile(
    r"not a matter of iam|not iam|not evidence that an iam permission is missing|no reliable evidence of an iam denial"
    r"|no accessdenied found"
)


def judge(message: Message, text: str, claims: Claims) -> dict[Criterion, bool]:
    """Which of the criteria that apply to the message hold for the answer.

    Args:
        message: The message.
        text: The answer as a person reads it.
        claims: What it claims.
    """
    said = own_words(text, message)
    held = _iam(message.truths, claims) if message.truths[0].is_iam else _gate(message.truths[0], said)
    held[Criterion.ALLOW] = all(
        any(truth.ends_with_allow(offer.action, offer.layer) for truth in message.truths) for offer in claims.offers
    )
    owners = {truth.owner for truth in message.truths if truth.owner is not None}
    if owners:
        held[Criterion.OWNER] = all(re.search(OWNER_WORDS[owner], said) for owner in owners)
    return held


def own_words(text: str, message: Message) -> str:
    """The answer in one line and lower case, without the message and its sentences where it repeats them."""
    said = _line(text)
    for event in message.events:
        for echo in (event.message, *re.split(r"(?<=\.)\s", event.message)):
            said = said.replace(_line(echo), " ")
    return said


def _line(text: str) -> str:
    return " ".join(text.split()).lower()


def _gate(truth: Truth, said: str) -> dict[Criterion, bool]:
    held = {Criterion.RECOGNISED: re.search(truth.cause, said) is not None}
    if not truth.shared:
        held[Criterion.WHETHER_IAM] = (_NOT_IAM.search(said) is None) is truth.open
    return held


def _iam(truths: tuple[Truth, ...], claims: Claims) -> dict[Criterion, bool]:
    """Several denials are compared as sets: all of them, and nothing else."""
    found = [each for each in claims.denials if each.action or each.layer]
    held = {
        Criterion.RECOGNISED: len(set(found)) >= len(truths),
        Criterion.CALLER: bool(found) and all(_is_app(each.caller) for each in found),
        Criterion.ACTION: {each.action for each in found} == {truth.action for truth in truths},
        Criterion.RESOURCE: bool(found) and _resources(found, truths) == {truth.resource for truth in truths},
        Criterion.LAYER: {each.layer for each in found} == {truth.layer for truth in truths},
    }
    told = {truth.explicit for truth in truths} - {None}
    if told:
        held[Criterion.EXPLICIT] = {each.explicit for each in found} == told
    return held


def _is_app(caller: str | None) -> bool:
    return re.search(r"(:(role|assumed-role)/|^)app(/|$)", caller or "") is not None


def _resources(found: Iterable[Claim], truths: tuple[Truth, ...]) -> set[str | None]:
    """The named resources, each as the true one that it covers."""
    named: set[str | None] = set()
    for each in found:
        covered = [truth.resource for truth in truths if _covers(each.resource, truth.resource)]
        named.update(covered or [each.resource])
    return named


def _covers(named: str | None, resource: str | None) -> bool:
    if resource is None:
        return named in (None, "*")
    return named == resource or (named not in (None, "*") and fnmatchcase(resource, str(named)))
