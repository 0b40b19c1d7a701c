"""The stable codes of findings and errors, one line each; every code has a page in the documentation."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CODES: Mapping[str, str] = MappingProxyType(
    {
        "BG100": "permissions are missing",
        "BG101": "no policy allows it",
        "BG201": "denied by a statement of an identity policy",
        "BG202": "denied by the permissions boundary",
        "BG203": "denied by a service control policy",
        "BG204": "denied by a resource control policy",
        "BG205": "denied by the session policy",
        "BG206": "denied by a VPC endpoint policy",
        "BG207": "denied by a resource-based policy",
        "BG208": "denied by a role trust policy",
        "BG301": "the Regions that a profile routes to come from the shipped table",
        "BG302": "the Regions that a profile routes to are not known",
        "BG303": "the model is served through inference profiles only",
        "BG304": "the inference profile cannot be called from this Region",
        "BG305": "the model is not offered in this Region",
        "BG306": "Bedrock calls the account not authorised for the model",
        "BG307": "the model has no AWS Marketplace agreement in force",
        "BG308": "Anthropic's use case form is missing",
        "BG309": "the model is legacy",
        "BG310": "the model has reached its end of life",
        "BG311": "the model does not stream",
        "BG312": "the account has no entitlement to the model",
        "BG313": "model access could not be checked",
        "BG314": "what a model routes to is what Bedrock itself says",
        "BG400": "permissions could not be checked",
        "BG401": "the guard may not ask IAM",
        "BG402": "the answer hangs on a condition key that nobody supplied",
        "BG403": "this kind of principal cannot be simulated",
        "BG404": "IAM could not be reached in time",
        "BG405": "IAM throttled the check",
        "BG406": "IAM could not evaluate the request",
        "BG407": "granted on some resources only; name the resource",
        "BG408": "the principal does not exist, or is in another account",
        "BG410": "no credentials",
        "BG411": "the credentials are expired or invalid",
        "BG412": "STS could not be reached",
        "BG413": "read from policies alone; other layers were not seen",
        "BG414": "AWS does not say whether this permission is needed",
        "BG415": "the resource is in another account",
        "BG500": "an error of bedrock_guard",
        "BG501": "a name that does not exist",
        "BG502": "a policy document that AWS would refuse",
        "BG503": "no Region",
        "BG504": "an argument that cannot be used",
    }
)
"""Code to its title."""
