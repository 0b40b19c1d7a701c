"""Decisions a second: this engine, moto's policy evaluator and the npm package @cloud-copilot/iam-simulate.

    python -m tests.benchmarks.policy_engine [--cases N] [--seconds S] [--no-npm]

All three decide the same recorded cases in one run, one after the other, each with its policies read beforehand as
far as its interface lets them be. CPU time counts, not wall time. The evaluator of moto knows no layers and conditions
only in part, and is asked policy by policy, as moto itself asks it; it decides less than the others do. The npm package
is put into a temporary directory and driven as a program; without Node or npm it is left out, and that is said.
The second table is what a check at startup costs: ten managed policies, a hundred requirements.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bedrock_guard.iam.context import Context
from bedrock_guard.iam.evaluate import Policies, Request, evaluate
from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.iam.policy import Policy, PolicyKind
from bedrock_guard.iam.write import policy_to_dict
from tests.iam.build import ROLE
from tests.iam.decisions import Case, managed, managed_names, read_cases

PACKAGE = "@cloud-copilot/iam-simulate@0.1.173"
DRIVER = Path(__file__).with_name("iam_simulate_driver.mjs")
_INSTALL_SECONDS = 300
_RUN_SECONDS = 600


def per_second(decide_all: Callable[[], int], seconds: float) -> float:
    """Decisions a second of CPU time, repeated for at least ``seconds`` after one round to warm up."""
    decide_all()
    decided = 0
    started = time.process_time()
    while True:
        decided += decide_all()
        spent = time.process_time() - started
        if spent >= seconds:
            return decided / spent


def engine(cases: Sequence[Case], seconds: float) -> float:
    """This engine."""

    def decide_all() -> int:
        for case in cases:
            evaluate(case.request, case.policies)
        return len(cases)

    return per_second(decide_all, seconds)


def moto(cases: Sequence[Case], seconds: float) -> float | str:
    """The evaluator of moto; a text says why there is no number."""
    try:
        from moto.iam.access_control import IAMPolicy, PermissionResult
    except ImportError:
        return "moto is not installed"
    read: dict[str, Any] = {}
    asked = [
        (
            case.request.action,
            case.request.resource,
            dict(case.request.context.values),
            [read.setdefault(policy.text, IAMPolicy(policy.text)) for policy in _all(case.policies)],
        )
        for case in cases
    ]

    def decide_all() -> int:
        for action, resource, context, policies in asked:
            for policy in policies:
                try:
                    result = policy.is_action_permitted(action, resource, None, context)
                except (KeyError, NotImplementedError, TypeError, ValueError):
                    continue  # an operator or element that moto does not know
                if result is PermissionResult.DENIED:
                    break
        return len(asked)

    return per_second(decide_all, seconds)


def _all(policies: Policies) -> list[Policy]:
    boundary = [policies.boundary] if policies.boundary else []
    scps = [policy for level in policies.scps for policy in level]
    return [*policies.identity, *boundary, *scps, *(policies.session or ())]


def iam_simulate(cases: Sequence[Case], seconds: float) -> float | str:
    """The npm package; a text says why there is no number."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return "Node with npm is not installed"
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        (home / "package.json").write_text('{"private": true, "type": "module"}', "utf-8")
        installed = subprocess.run(
            [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--silent", PACKAGE],
            cwd=home,
            capture_output=True,
            text=True,
            timeout=_INSTALL_SECONDS,
            check=False,
        )
        if installed.returncode != 0:
            return f"npm could not install {PACKAGE}"
        (home / "driver.mjs").write_text(DRIVER.read_text("utf-8"), "utf-8")
        (home / "cases.json").write_text(json.dumps([_as_json(case) for case in cases]), "utf-8")
        ran = subprocess.run(
            [node, "driver.mjs", "cases.json", str(seconds)],
            cwd=home,
            capture_output=True,
            text=True,
            timeout=_RUN_SECONDS,
            check=False,
        )
    if ran.returncode != 0:
        return f"{PACKAGE} failed: {ran.stderr.strip()[-200:]}"
    answer = json.loads(ran.stdout)
    wrong = [
        case.id
        for case, decision in zip(cases, answer["decisions"], strict=True)
        if decision != case.expect["decision"]
    ]
    if wrong:
        return f"{PACKAGE} disagrees with the recording of {len(wrong)} cases"
    return float(answer["per_second"])


def _as_json(case: Case) -> dict[str, Any]:
    policies, request = case.policies, case.request
    return {
        "principal": request.principal,
        "action": request.action,
        "resource": request.resource,
        "account": request.principal.split(":")[4],
        "context": dict(request.context.values),
        "identity": [policy_to_dict(policy) for policy in policies.identity],
        "boundary": [policy_to_dict(policies.boundary)] if policies.boundary else [],
        "scps": [[policy_to_dict(policy) for policy in level] for level in policies.scps],
        "session": [policy_to_dict(policy) for policy in policies.session or ()],
    }


def startup(cases: Sequence[Case], policies: int = 10, requirements: int = 100) -> tuple[float, float]:
    """Milliseconds of CPU for a hundred requirements on the ten largest managed policies: first time, and again."""
    largest = sorted(managed_names(), key=lambda name: len(managed(name).text), reverse=True)[:policies]
    fresh = [parse_policy(managed(name).text, name=name, kind=PolicyKind.AWS_MANAGED) for name in largest]
    questions = list(dict.fromkeys((case.request.action, case.request.resource) for case in cases))[:requirements]
    context = Context({"aws:RequestedRegion": "us-east-1", "aws:SecureTransport": "true"}, ["aws:SourceVpce"])
    asked = [Request(ROLE, action, resource, context) for action, resource in questions]
    spent = []
    for _ in range(2):
        started = time.process_time()
        for request in asked:
            evaluate(request, Policies(identity=fresh))
        spent.append((time.process_time() - started) * 1_000)
    return spent[0], spent[1]


def _show(name: str, rate: float | str, own: float) -> str:
    if isinstance(rate, str):
        return f"{name:<34} {'-':>12}   left out: {rate}"
    ratio = "" if rate == own else f"   {own / rate:,.1f} times slower than this engine"
    return f"{name:<34} {rate:>12,.0f}{ratio}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints both tables."""
    parser = argparse.ArgumentParser(description="Decisions a second of three policy evaluators.")
    parser.add_argument("--cases", type=int, default=1_500, help="how many of the recorded cases")
    parser.add_argument("--seconds", type=float, default=3.0, help="CPU seconds for each evaluator")
    parser.add_argument("--no-npm", action="store_true", help="leave the npm package out")
    options = parser.parse_args(arguments)
    cases = list(read_cases())[: options.cases]
    own = engine(cases, options.seconds)
    others = [("moto.iam.access_control", moto(cases, options.seconds))]
    npm: float | str = "not asked for" if options.no_npm else iam_simulate(cases, options.seconds)
    others.append((PACKAGE, npm))
    first, again = startup(list(read_cases()))
    lines = [f"{'evaluator':<34} {'decisions/s':>12}   {len(cases)} cases, CPU time"]
    lines += [_show(name, rate, own) for name, rate in [("bedrock_guard.iam", own), *others]]
    lines.append(f"10 managed policies x 100 requirements: {first:.2f} ms of CPU the first time, {again:.2f} ms again")
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
