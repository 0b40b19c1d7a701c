"""Log events with stable names. A library configures no logging: where the app has configured structlog its logger
is used, else the standard library's logger ``bedrock_guard``.
"""

from __future__ import annotations

from typing import Any

from bedrock_guard.report import Report

__all__ = ["warn_unverified"]


def _logger() -> Any:
    import logging

    import structlog

    if structlog.is_configured():
        return structlog.get_logger("bedrock_guard")
    # Without configuration structlog prints to standard output, which belongs to the app.
    return structlog.wrap_logger(
        logging.getLogger("bedrock_guard"),
        processors=[structlog.stdlib.filter_by_level, structlog.stdlib.render_to_log_kwargs],
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def warn_unverified(report: Report) -> None:
    """Event ``bedrock_guard.unverified``: something could not be checked and the app starts all the same.

    Fields: ``summary`` (one line), ``principal``, ``region``, ``unverified`` (how many), ``codes``.
    """
    from bedrock_guard.render.neutral import neutral
    from bedrock_guard.render.verdict import render_line

    codes = sorted({finding.code for finding in report.unverified if finding.code})
    source = report.principal.policy_source_arn or report.principal.caller_arn if report.principal else None
    _logger().warning(
        f"bedrock_guard.unverified: {render_line(report)}",
        principal=None if source is None else neutral(source),
        region=report.region,
        unverified=len(report.unverified),
        codes=codes,
    )
