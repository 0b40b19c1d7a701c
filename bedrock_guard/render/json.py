"""A report as JSON, in the shape of ``docs/report.schema.json``."""

from __future__ import annotations

from bedrock_guard.render.snippets import safe_json
from bedrock_guard.report import Report

__all__ = ["render_json"]


def render_json(report: Report) -> str:
    """The report as JSON in printable ASCII, indented, without a line end; ``Report.from_dict`` reads it back."""
    return safe_json(report.to_dict(), indent=2)
