"""The sentences that hold for every policy and every request."""

from __future__ import annotations

import json
import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bedrock_guard.iam.context import Context
from bedrock_guard.iam.decision import Decision
from bedrock_guard.iam.evaluate import Evaluation, Policies, Request, evaluate
from bedrock_guard.iam.layers import SEVERITY
from bedrock_guard.iam.parse import parse_policy
from bedrock_guard.iam.policy import Policy, PolicyKind
from tests.iam import reference, strategies
from tests.iam.build import ROLE, Document


def _policy(document: Document, kind: PolicyKind = PolicyKind.INPUT) -> Policy:
    return parse_policy(json.dumps(document), name="policy", kind=kind)


def _policies(documents: dict[str, Any]) -> Policies:
    return Policies(
        identity=[_policy(document) for document in documents["identity"]],
        boundary=_policy(documents["boundary"]) if documents["boundary"] else None,
        scps=[[_policy(document, PolicyKind.SCP) for document in level] for level in documents["scps"]],
        session=[_policy(documents["session"])] if documents["session"] else None,
    )


def _ask(
    documents: dict[str, Any], request: tuple[str, str], context: dict[str, Any], unknown: tuple[str, ...] = ()
) -> Evaluation:
    action, resource = request
    return evaluate(Request(ROLE, action, resource, Context(context, unknown)), _policies(documents))


class TestTheEngineAgreesWithTheReferenceEvaluator:
    """Two programs that share no code say the same."""

    @given(strategies.layers(), strategies.requests, strategies.contexts())
    def test_over_all_layers(
        self, documents: dict[str, Any], request: tuple[str, str], context: dict[str, Any]
    ) -> None:
        """With everything known there is one answer, and it is that of the reference."""
        found = _ask(documents, request, context)
        assert found.decision.value == reference.decide(*request, context, **documents)
        assert found.best is found.worst is found.decision

    @given(strategies.documents(), strategies.requests, strategies.contexts())
    def test_on_one_policy(self, document: Document, request: tuple[str, str], context: dict[str, Any]) -> None:
        """One policy alone, where nothing hides behind another layer."""
        found = _ask({"identity": [document], "boundary": None, "scps": [], "session": None}, request, context)
        assert found.decision.value == reference.layer([document], *request, context)


class TestUnknownKeys:
    """An answer given without knowing a key holds whatever the key is."""

    @given(
        strategies.layers(),
        strategies.requests,
        strategies.contexts(),
        st.lists(st.sampled_from(strategies.KEY_NAMES), unique=True),
        st.data(),
    )
    def test_every_value_lies_between_best_and_worst(
        self,
        documents: dict[str, Any],
        request: tuple[str, str],
        context: dict[str, Any],
        unknown: list[str],
        data: st.DataObject,
    ) -> None:
        """No value of an unknown key leads out of the range, and ``allowed`` is said only if all values allow."""
        known = {key: value for key, value in context.items() if key not in unknown}
        found = _ask(documents, request, known, tuple(unknown))
        actual = Decision(reference.decide(*request, {**known, **data.draw(strategies.contexts(unknown))}, **documents))
        assert SEVERITY[found.best] <= SEVERITY[actual] <= SEVERITY[found.worst]
        if found.decision is Decision.ALLOWED:
            assert actual is Decision.ALLOWED
        elif found.decision is not Decision.UNVERIFIED:
            assert actual is not Decision.ALLOWED
        assert bool(found.depends_on) is (found.decision is Decision.UNVERIFIED)
        assert set(found.depends_on) <= set(unknown)

    @given(strategies.layers(), strategies.requests, st.data())
    def test_the_keys_named_are_enough(
        self, documents: dict[str, Any], request: tuple[str, str], data: st.DataObject
    ) -> None:
        """Whoever supplies the keys that were named, again and again, ends with an answer."""
        unknown, known = tuple(strategies.KEY_NAMES), dict[str, Any]()
        found = _ask(documents, request, known, unknown)
        rounds = 0
        while found.decision is Decision.UNVERIFIED:
            named = list(found.depends_on)
            known |= dict.fromkeys(named, ()) | data.draw(strategies.contexts(named))
            found = _ask(documents, request, known, unknown)
            rounds += 1
            assert rounds <= len(unknown)


class TestDeniesAndAllows:
    """What more statements can do."""

    @given(
        strategies.layers(),
        strategies.requests,
        strategies.contexts(),
        st.sampled_from(["identity", "boundary", "scps"]),
    )
    def test_a_deny_beats_every_allow(
        self, documents: dict[str, Any], request: tuple[str, str], context: dict[str, Any], where: str
    ) -> None:
        """A Deny of everything in any layer denies explicitly, whatever else there is."""
        deny: Document = {"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
        added = {"identity": [*documents["identity"], deny], "boundary": deny, "scps": [*documents["scps"], [deny]]}
        found = _ask({**documents, where: added[where]}, request, context)
        assert found.decision is Decision.EXPLICIT_DENY

    @given(strategies.layers(), strategies.requests, strategies.contexts(), strategies.statements("Allow"))
    def test_adding_an_allow_never_takes_one_away(
        self, documents: dict[str, Any], request: tuple[str, str], context: dict[str, Any], allow: Document
    ) -> None:
        """What was allowed stays allowed; what was denied explicitly stays denied."""
        before = _ask(documents, request, context)
        after = _ask(_with_identity(documents, allow), request, context)
        assert SEVERITY[after.decision] <= SEVERITY[before.decision]
        if before.decision is Decision.EXPLICIT_DENY:
            assert after.decision is Decision.EXPLICIT_DENY

    @given(strategies.layers(), strategies.requests, strategies.contexts(), strategies.statements("Deny"))
    def test_adding_a_deny_never_gives_one(
        self, documents: dict[str, Any], request: tuple[str, str], context: dict[str, Any], deny: Document
    ) -> None:
        """A decision only moves down."""
        before = _ask(documents, request, context)
        after = _ask(_with_identity(documents, deny), request, context)
        assert SEVERITY[after.decision] >= SEVERITY[before.decision]

    @given(strategies.layers(), strategies.requests, strategies.contexts())
    def test_no_layer_gives_what_the_identity_policies_do_not(
        self, documents: dict[str, Any], request: tuple[str, str], context: dict[str, Any]
    ) -> None:
        """Boundary, SCPs and session policy only take away."""
        alone = {"identity": documents["identity"], "boundary": None, "scps": [], "session": None}
        limited = _ask(documents, request, context)
        assert SEVERITY[limited.decision] >= SEVERITY[_ask(alone, request, context).decision]


def _with_identity(documents: dict[str, Any], statement: Document) -> dict[str, Any]:
    extra: Document = {"Version": "2012-10-17", "Statement": [statement]}
    return {**documents, "identity": [*documents["identity"], extra]}


class TestOrder:
    """Nothing hangs on the order of anything but the levels of an organization."""

    @given(strategies.layers(), strategies.requests, strategies.contexts(), st.randoms(use_true_random=False))
    def test_of_policies_statements_and_values(
        self, documents: dict[str, Any], request: tuple[str, str], context: dict[str, Any], order: random.Random
    ) -> None:
        """Shuffled policies, statements and values decide the same in every layer."""
        before, after = _ask(documents, request, context), _ask(_shuffled(documents, order), request, context)
        assert (after.decision, after.layer) == (before.decision, before.layer)
        assert {k: v.decision for k, v in after.layers.items()} == {k: v.decision for k, v in before.layers.items()}

    @given(strategies.layers(), strategies.requests, strategies.contexts())
    def test_of_the_case_of_actions_and_keys(
        self, documents: dict[str, Any], request: tuple[str, str], context: dict[str, Any]
    ) -> None:
        """Action and key names have no case."""
        before = _ask(documents, request, context)
        after = _ask(documents, (request[0].upper(), request[1]), {k.upper(): v for k, v in context.items()})
        assert after.decision is before.decision


def _shuffled(value: Any, order: random.Random) -> Any:
    if isinstance(value, dict):
        items = list(value.items())
        order.shuffle(items)
        return {key: _shuffled(item, order) for key, item in items}
    if isinstance(value, list):
        made = [_shuffled(item, order) for item in value]
        order.shuffle(made)
        return made
    return value
