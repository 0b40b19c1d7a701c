"""The tables of docs/service-roles.md, written from the data.

python -m bedrock_guard.bedrock.service_role_page docs/service-roles.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from bedrock_guard.bedrock.service_role_details import DETAIL_NAMES
from bedrock_guard.bedrock.service_role_kinds import RoleKind, RoleNeed, Target, Unnamed
from bedrock_guard.bedrock.service_role_resources import RESOURCES
from bedrock_guard.bedrock.service_role_table import KINDS

__all__ = ["updated", "write_page"]

START = "<!-- generated: python -m bedrock_guard.bedrock.service_role_page docs/service-roles.md -->"
END = "<!-- end of the generated part -->"


def write_page(path: Path) -> None:
    """Brings the generated part of the page up to date."""
    path.write_text(updated(path.read_text(encoding="utf-8")), encoding="utf-8")


def updated(text: str) -> str:
    """The page with its generated part made anew; what is around it stays."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    body = "\n".join(_lines())
    return f"{before}{START}\n\n{body}\n\n{END}{after}"


def _lines() -> Iterator[str]:
    yield "## Kinds and their trust"
    yield ""
    yield "| kind | for | principal | actions | `aws:SourceArn` | handed over by |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for kind in KINDS.values():
        trust = kind.trust
        yield (
            f"| `{kind.name}` | {kind.summary} | `{_short(trust.principal)}` | {_codes(trust.actions)} "
            f"| {_code(_short(trust.source_arn))} | {_handovers(kind)} |"
        )
    for kind in KINDS.values():
        yield from _of_kind(kind)


def _of_kind(kind: RoleKind) -> Iterator[str]:
    yield ""
    yield f"### {kind.name}"
    yield ""
    yield f"{kind.summary}. Trust: {kind.trust.source}."
    if kind.needs:
        yield ""
        yield "| the role's own permissions | on | asked | source |"
        yield "| --- | --- | --- | --- |"
        for need in kind.needs:
            yield f"| {_codes(need.actions)} | {need.on.value} | {_when(need)} | {need.source} |"
    for detail, text in kind.notes:
        yield ""
        yield f"With {_option(detail)}: {text}"


_MODELS = (Target.MODEL, Target.ROUTED_MODEL, Target.PROFILE, Target.PROFILE_MODEL, Target.PROVISIONED)


def _when(need: RoleNeed) -> str:
    advice = ", as advice" if need.advisory else ""
    if need.named:
        return f"with {_option(need.named)}{advice}"
    if need.on is Target.NOTHING:
        return f"always{advice}"
    detail = "models" if need.on in _MODELS else RESOURCES[need.on].detail
    unnamed = {
        Unnamed.SKIPPED: "",
        Unnamed.ADVISORY: "; without it on any, as advice",
        Unnamed.REQUIRED: "; without it on any",
    }[need.unnamed]
    return f"with {_option(detail)}{advice}{unnamed}"


def _option(detail: str) -> str:
    name, _, service = detail.partition(":")
    option = next(text for text, member in DETAIL_NAMES.items() if member == name)
    return f"`{option}=`" + (f" of {service}" if service else "")


def _handovers(kind: RoleKind) -> str:
    return ", ".join(f"{one.operation.partition(':')[2]} (`{one.parameter}`)" for one in kind.handed_over)


def _short(text: str) -> str:
    return text.format(partition="aws", region="REGION", account="ACCOUNT")


def _codes(texts: tuple[str, ...]) -> str:
    return ", ".join(f"`{text}`" for text in texts)


def _code(text: str) -> str:
    return f"`{text}`" if text else "not documented"


if __name__ == "__main__":
    write_page(Path(sys.argv[1]))
