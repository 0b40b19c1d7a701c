"""What AWS accepts in a policy document, element by element; every fault is noted, none is raised.

Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html and the pages of the elements, read
2026-11-24; IAM's own refusals as recorded in tests/test_iam/test_iam_policies.py of github.com/getmoto/moto.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from enum import Enum

from bedrock_guard.iam.comparisons import read_date
from bedrock_guard.iam.json_tree import Kind, Node, Text
from bedrock_guard.iam.operators import OPERATORS, find_operator
from bedrock_guard.iam.policy import PolicyKind
from bedrock_guard.iam.variables import mask_variables

__all__ = ["KINDS_OF_IAM", "check_document"]

_IDENTITY_KINDS = frozenset(
    {
        PolicyKind.INLINE,
        PolicyKind.MANAGED,
        PolicyKind.AWS_MANAGED,
        PolicyKind.BOUNDARY,
        PolicyKind.SESSION,
        PolicyKind.INPUT,
    }
)

KINDS_OF_IAM = _IDENTITY_KINDS | {PolicyKind.TRUST}
"""Policies that pass through IAM's own API, which takes the characters up to U+00FF only."""


class _Need(Enum):
    REQUIRED = "required"
    OPTIONAL = "optional"
    FORBIDDEN = "forbidden"


_PRINCIPAL = dict.fromkeys(_IDENTITY_KINDS | {PolicyKind.SCP}, _Need.FORBIDDEN) | dict.fromkeys(
    (PolicyKind.RCP, PolicyKind.RESOURCE, PolicyKind.TRUST, PolicyKind.VPC_ENDPOINT), _Need.REQUIRED
)
_RESOURCE = dict.fromkeys(PolicyKind, _Need.REQUIRED) | {
    PolicyKind.TRUST: _Need.FORBIDDEN,
    # The policy of an ECR repository names no resource; most others do.
    PolicyKind.RESOURCE: _Need.OPTIONAL,
}

_DOCUMENT_ELEMENTS = ("Version", "Id", "Statement")
_STATEMENT_ELEMENTS = (
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
)
_VERSIONS = ("2012-10-17", "2008-10-17")
_SHOWN = 80


def check_document(root: Node, source: Text, kind: PolicyKind) -> None:
    """Notes in ``source`` everything in the document that AWS would refuse for a policy of this kind."""
    _Checker(source, kind).document(root)


def _shown(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")


def _nearest(name: str, known: tuple[str, ...]) -> str:
    """The element that was probably meant; empty if none is near."""
    by_lower = {element.lower(): element for element in known}
    if name.lower() in by_lower:
        return f"{by_lower[name.lower()]!r}: names have case"
    near = difflib.get_close_matches(name.lower()[:_SHOWN], by_lower, 1, 0.75)
    return repr(by_lower[near[0]]) if near else ""


class _Checker:
    def __init__(self, source: Text, kind: PolicyKind) -> None:
        self.fault = source.fault
        self.kind = kind
        self.sids: set[str] = set()

    def document(self, root: Node) -> None:
        if root.kind is not Kind.OBJECT:
            self.fault(root.start, f"the document is {root.kind.value}", "an object")
            return
        elements = self._elements(root, _DOCUMENT_ELEMENTS, "a policy document")
        version = elements.get("Version")
        if version is not None and self._is(version, Kind.STRING, "Version") and version.text not in _VERSIONS:
            self.fault(version.start, f"Version is {_shown(version.text)}", " or ".join(_VERSIONS))
        id_ = elements.get("Id")
        if id_ is not None:
            self._is(id_, Kind.STRING, "Id")
        statements = elements.get("Statement")
        if statements is None:
            self.fault(root.start, "the document has no Statement")
        elif statements.kind is not Kind.ARRAY:
            self._statement(statements)
        elif not statements.items:
            self.fault(statements.start, "Statement is an empty list", "at least one statement")
        else:
            for statement in statements.items:
                self._statement(statement)

    def _statement(self, node: Node) -> None:
        if not self._is(node, Kind.OBJECT, "a statement"):
            return
        elements = self._elements(node, _STATEMENT_ELEMENTS, "a statement")
        self._sid(elements.get("Sid"))
        self._effect(node, elements.get("Effect"))
        self._one_of(node, elements, "Action", _Need.REQUIRED, self._action)
        self._one_of(node, elements, "Resource", _RESOURCE[self.kind], self._resource)
        self._principals(node, elements)
        if "Condition" in elements:
            self._condition(elements["Condition"])

    def _elements(self, node: Node, known: tuple[str, ...], of: str) -> dict[str, Node]:
        """The members by name; unknown and repeated ones are faults."""
        found: dict[str, Node] = {}
        for key, value in node.members:
            if key.text not in known:
                expected = _nearest(key.text, known) or f"one of {', '.join(known)}"
                self.fault(key.start, f"{of} has no element {_shown(key.text)}", expected)
            elif key.text in found:
                self.fault(key.start, f"{key.text} is given twice", f"one {key.text}")
            else:
                found[key.text] = value
        return found

    def _is(self, node: Node, kind: Kind, what: str) -> bool:
        if node.kind is not kind:
            self.fault(node.start, f"{what} is {node.kind.value}", kind.value)
        return node.kind is kind

    def _sid(self, node: Node | None) -> None:
        if node is None or not self._is(node, Kind.STRING, "Sid") or not node.text:
            return
        if node.text in self.sids:
            self.fault(node.start, f"the Sid {_shown(node.text)} is used twice", "Sids that are unique in the policy")
        self.sids.add(node.text)
        # The policies of resources and endpoints belong to services that take more characters.
        strict = self.kind in _IDENTITY_KINDS or self.kind in (PolicyKind.SCP, PolicyKind.RCP)
        if strict and not re.fullmatch(r"[0-9A-Za-z]*", node.text):
            self.fault(node.start, f"the Sid {_shown(node.text)}", "letters and digits only")

    def _effect(self, statement: Node, node: Node | None) -> None:
        if node is None:
            self.fault(statement.start, "the statement has no Effect", "Allow or Deny")
        elif self._is(node, Kind.STRING, "Effect") and node.text not in ("Allow", "Deny"):
            self.fault(node.start, f"Effect is {_shown(node.text)}", "Allow or Deny, with this case")

    def _one_of(
        self, statement: Node, elements: dict[str, Node], name: str, need: _Need, check: Callable[[Node], None]
    ) -> None:
        """Checks Action or Resource together with its Not form."""
        given = [(n, elements[n]) for n in (name, f"Not{name}") if n in elements]
        if need is _Need.FORBIDDEN:
            for n, node in given:
                self.fault(node.start, f"{self._of_kind} has no {n}")
            return
        if len(given) == 2:
            self.fault(given[1][1].start, f"the statement has both {name} and Not{name}", "one of the two")
        if not given and need is _Need.REQUIRED:
            self.fault(statement.start, f"the statement has no {name}", f"{name} or Not{name}")
        for n, node in given:
            for item in self._strings(node, n):
                check(item)

    def _strings(self, node: Node, what: str) -> Iterable[Node]:
        """The strings of a string or of a list of strings that is not empty."""
        items = node.items if node.kind is Kind.ARRAY else [node]
        if not items:
            self.fault(node.start, f"{what} is an empty list", "at least one value")
        for item in items:
            if item.kind is Kind.STRING:
                yield item
            else:
                self.fault(item.start, f"{what} is {item.kind.value}", "a string or a list of strings")

    @property
    def _of_kind(self) -> str:
        article = "an" if self.kind.value[0] in "aeiou" or self.kind in (PolicyKind.SCP, PolicyKind.RCP) else "a"
        return f"{article} {self.kind.value} policy"

    def _action(self, node: Node) -> None:
        action = node.text
        if action == "*":
            if self.kind is PolicyKind.TRUST:
                self.fault(node.start, "a trust policy allows '*'", "an action of sts")
            return
        vendor, colon, name = action.partition(":")
        if not colon:
            self.fault(node.start, f"the action {_shown(action)} has no service", "service:Action or *")
        elif ":" in name:
            self.fault(node.start, f"the action {_shown(action)} has more than one colon", "service:Action")
        elif vendor != "*" and not re.fullmatch(r"[A-Za-z0-9.-]+", vendor):
            self.fault(node.start, f"the service {_shown(vendor)} of the action", "letters, digits, '-' and '.'")
        elif not name:
            self.fault(node.start, f"the action {_shown(action)} has no name", "service:Action")
        elif self.kind is PolicyKind.TRUST and vendor.lower() != "sts":
            self.fault(node.start, f"a trust policy allows {_shown(action)}", "an action of sts")

    def _resource(self, node: Node) -> None:
        resource = node.text
        if resource == "*":
            return
        problem = _arn_problem(mask_variables(resource), strict=self.kind in _IDENTITY_KINDS)
        if problem:
            self.fault(node.start, f"the resource {_shown(resource)} {problem}", "an ARN or *")

    def _principals(self, statement: Node, elements: dict[str, Node]) -> None:
        given = [(n, elements[n]) for n in ("Principal", "NotPrincipal") if n in elements]
        if _PRINCIPAL[self.kind] is _Need.FORBIDDEN:
            for n, node in given:
                self.fault(node.start, f"{self._of_kind} has no {n}: it applies to whom it is attached to")
            return
        if not given:
            self.fault(statement.start, "the statement has no Principal", "Principal or NotPrincipal")
        if len(given) == 2:
            self.fault(given[1][1].start, "the statement has both Principal and NotPrincipal", "one of the two")
        for n, node in given:
            self._principal(node, n)

    def _principal(self, node: Node, what: str) -> None:
        types = ("AWS", "Service", "Federated", "CanonicalUser")
        if node.kind is Kind.STRING:
            if node.text != "*":
                self.fault(node.start, f"{what} is {_shown(node.text)}", f"* or an object with {', '.join(types)}")
        elif node.kind is not Kind.OBJECT:
            self.fault(node.start, f"{what} is {node.kind.value}", f"* or an object with {', '.join(types)}")
        elif not node.members:
            self.fault(node.start, f"{what} is empty", f"* or an object with {', '.join(types)}")
        else:
            for type_, values in self._elements(node, types, what).items():
                for value in self._strings(values, f"{what} {type_}"):
                    if type_ == "AWS" and "*" in value.text and value.text != "*":
                        self.fault(
                            value.start,
                            f"the principal {_shown(value.text)} has a wildcard",
                            "* alone, or a whole ARN; wildcards belong into a condition on aws:PrincipalArn",
                        )

    def _condition(self, node: Node) -> None:
        if not self._is(node, Kind.OBJECT, "Condition"):
            return
        seen: set[str] = set()
        for operator, keys in node.members:
            if operator.text in seen:
                self.fault(operator.start, f"the operator {_shown(operator.text)} is given twice", "one, with all keys")
            seen.add(operator.text)
            if not self._is(keys, Kind.OBJECT, f"the operator {_shown(operator.text)}"):
                continue
            # IAM takes an operator it does not know as long as nothing is asked of it.
            if keys.members and find_operator(operator.text) is None:
                self._unknown_operator(operator)
            self._condition_keys(operator.text, keys)

    def _unknown_operator(self, operator: Node) -> None:
        prefix, _, rest = operator.text.rpartition(":")
        near = difflib.get_close_matches(rest.removesuffix("IfExists")[:_SHOWN], OPERATORS, 1, 0.6)
        expected = f"{near[0]!r}" if near else "an operator such as StringEquals"
        if rest == "NullIfExists":
            expected = "'Null', which takes no IfExists"
        elif prefix and prefix not in ("ForAllValues", "ForAnyValue"):
            expected = "ForAllValues: or ForAnyValue: in front"
        self.fault(operator.start, f"there is no condition operator {_shown(operator.text)}", expected)

    def _condition_keys(self, operator: str, keys: Node) -> None:
        seen: set[str] = set()
        for key, values in keys.members:
            if key.text in seen:
                self.fault(key.start, f"the key {_shown(key.text)} is given twice", "one, with a list of values")
            seen.add(key.text)
            for value in values.items if values.kind is Kind.ARRAY else [values]:
                if value.kind in (Kind.OBJECT, Kind.ARRAY, Kind.NULL):
                    self.fault(
                        value.start,
                        f"the value of {_shown(key.text)} is {value.kind.value}",
                        "a string, a number, true, false or a list of them",
                    )
                elif self._is_date(operator) and read_date(value.text) is None:
                    self.fault(
                        value.start, f"{_shown(value.text)} is no date", "such as 2026-11-24T12:00:00Z, or seconds"
                    )

    @staticmethod
    def _is_date(operator: str) -> bool:
        found = find_operator(operator)
        return found is not None and found.name.startswith("Date")


_PARTITION = re.compile(r"aws(?:-[a-z0-9]+)*")


def _arn_problem(arn: str, *, strict: bool) -> str:
    """What is wrong with a resource ARN; empty if nothing is. A short one is filled up with ``*`` by IAM."""
    parts = arn.split(":", 5)
    if len(parts) == 1 or parts[0] != "arn":
        return "is not an ARN"
    partition = parts[1]
    if "*" not in partition and "?" not in partition and not _PARTITION.fullmatch(partition):
        return f"has no valid partition ({_shown(partition)})"
    if len(parts) == 2 or (strict and re.search(r"[*?]", parts[2])):
        return "has no service, which must be written out"
    if not parts[2] or (len(parts) < 6 and "" in parts):
        return "has too few parts"
    if strict and parts[2] == "iam" and len(parts) == 6:
        if parts[3] and "*" not in parts[3]:
            return "has a Region, which IAM has not"
        if not re.search(r"[/*?]", parts[5]) and parts[5] != "root":
            return "has no type of IAM resource such as role/"
    return ""
