"""What a denial comes to: why the call failed, whom to turn to, and what ends it. A text alone is judged here; what can
be asked of AWS is another matter.
"""

from __future__ import annotations

from bedrock_guard.advice.denial import Denial, DenialKind
from bedrock_guard.advice.denials.verdict import Ask, Verdict
from bedrock_guard.advice.denials.verdicts_by_cause import CAUSE_VERDICTS
from bedrock_guard.advice.denials.verdicts_by_layer import layer_verdict
from bedrock_guard.advice.denials.verdicts_by_place import (
    caller_verdict,
    foretold_verdict,
    place_verdict,
    subscription_verdict,
)

__all__ = ["Ask", "Verdict", "verdicts_for"]

_OTHER_KEY = Verdict(
    "which-credentials",
    "The text speaks of AWS_BEARER_TOKEN_BEDROCK. Clients that know it call as the API key's principal, others as the "
    "principal of the credentials: find out per client which one was denied before changing a policy.",
    Ask.CALLER,
)


_BARE = Verdict(
    "bare-denial",
    "Access was denied; the text says neither what nor by which policy, so nothing more is claimed. CloudTrail's event "
    "of the request has who and what, and `bedrock-guard check` asks about all that an app needs.",
    Ask.CALLER,
)


def verdicts_for(denial: Denial) -> tuple[Verdict, ...]:
    """What is to be said of the denial, the cause first; never empty.

    Where several causes lie behind each other, each has its own verdict: ending one shows the next.
    """
    if denial.cause == "unrecognised" and denial.is_iam is None:
        return (_BARE,)
    if denial.kind is not DenialKind.PERMISSION:
        found = [CAUSE_VERDICTS[denial.cause]]
        if denial.nested and denial.kind is DenialKind.MODEL_ACCESS:
            found.append(CAUSE_VERDICTS["service-role"])
        if denial.api_key and denial.kind is DenialKind.CREDENTIALS:
            found.append(CAUSE_VERDICTS["api-key-needs-no-credentials"])
        return tuple(found)
    if denial.simulated:
        return (foretold_verdict(denial),)
    found = [layer_verdict(denial)]
    for more in (place_verdict(denial), caller_verdict(denial), subscription_verdict(denial)):
        if more is not None:
            found.append(more)
    if denial.api_key and denial.action is not None and not denial.action.endswith(":CallWithBearerToken"):
        found.append(_OTHER_KEY)
    return tuple(found)
