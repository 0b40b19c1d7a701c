"""What policies say of the resources that a pattern stands for: of all of them, of some, or of none. Pure.

The simulator and our engine take a pattern for the text that it is. A statement that matches the text need not mean
every resource behind it (one with NotResource leaves some out), and one that does not match may mean some of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from bedrock_guard.iam.conditions import condition_test
from bedrock_guard.iam.context import Context
from bedrock_guard.iam.policy import Effect, Policy, Statement, Version
from bedrock_guard.iam.resources import compile_resource
from bedrock_guard.iam.variables import Part, UnresolvedError, Variable, has_variables, read_template, resolve
from bedrock_guard.iam.wildcard import Token, Wild, matches, tokens_of

__all__ = ["Named", "Reach", "named_in", "overlap"]


class Reach(str, Enum):
    """How many of the resources that a pattern stands for a statement means."""

    ALL = "all"
    SOME = "some"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Named:
    """A statement that names the action and at least one resource of the pattern.

    Attributes:
        statement: The statement.
        reach: ``ALL`` or ``SOME``. ``SOME`` where it cannot be told.
        holds: Whether its conditions are met; None where that hangs on a key nobody knows. Never False.
        resources: The resources of the pattern that it names, as the policy writes them, or what it leaves out.
    """

    statement: Statement
    reach: Reach
    holds: bool | None
    resources: tuple[str, ...]

    @property
    def certain(self) -> bool:
        """Whether it holds for every resource of the pattern."""
        return self.reach is Reach.ALL and self.holds is True


def named_in(
    policies: Iterable[Policy], effect: Effect, *, action: str, pattern: str, context: Context
) -> tuple[Named, ...]:
    """The statements of that effect that name the action on any resource of the pattern and may hold, in order.

    Args:
        policies: Of one layer.
        effect: Of the statements.
        action: The action.
        pattern: An ARN pattern, or ``*``.
        context: What is known of the request; a statement that it rules out is left out.
    """
    return tuple(
        named
        for policy in policies
        for statement in policy.statements
        if statement.effect is effect and _names(statement, action)
        for named in _named(statement, pattern, context, variables=policy.version is Version.V2012)
    )


def _names(statement: Statement, action: str) -> bool:
    if statement.actions is not None:
        return any(matches(pattern, action, ignore_case=True) for pattern in statement.actions)
    return not any(matches(pattern, action, ignore_case=True) for pattern in statement.not_actions or ())


def _named(statement: Statement, pattern: str, context: Context, *, variables: bool) -> Iterator[Named]:
    holds = _holds(statement, context, variables=variables)
    if holds is False:
        return
    negated = statement.not_resources is not None
    values = (statement.not_resources if negated else statement.resources) or ("*",)
    reaches = {value: _reach(value, pattern, context, variables=variables) for value in values}
    meant = tuple(value for value, reach in reaches.items() if reach is not Reach.NONE)
    whole = Reach.ALL in reaches.values()
    if negated:
        if not whole:
            yield Named(
                statement, Reach.SOME if meant else Reach.ALL, holds, (f"all but {', '.join(meant or values)}",)
            )
    elif meant:
        yield Named(statement, Reach.ALL if whole else Reach.SOME, holds, meant)


def _holds(statement: Statement, context: Context, *, variables: bool) -> bool | None:
    deny = statement.effect is Effect.DENY
    answer: bool | None = True
    for condition in statement.conditions:
        truth = condition_test(condition, deny=deny, variables=variables).holds(context)
        if truth is False:
            return False
        answer = None if truth is None else answer
    return answer


def _reach(value: str, pattern: str, context: Context, *, variables: bool) -> Reach:
    """How many of the pattern's resources one resource of a policy means."""
    tokens, resolved = _tokens(value, context, variables=variables)
    literal = "".join(token for token in tokens if isinstance(token, str))
    if resolved and Wild.ONE not in tokens and "*" not in literal and compile_resource(tokens).matches(pattern):
        # A star of the policy has taken each star of the pattern. A ? would take one for a single character.
        return Reach.ALL
    return Reach.SOME if _share(tokens, tuple(tokens_of(pattern))) else Reach.NONE


def _tokens(value: str, context: Context, *, variables: bool) -> tuple[tuple[Token, ...], bool]:
    """The value in parts, and whether all of its variables are known; one that is not may be any text."""
    if not (variables and has_variables(value)):
        return tuple(tokens_of(value)), True
    template = read_template(value, wildcards=True)
    try:
        return tuple(_without_variables(resolve(template, context))), True
    except UnresolvedError:
        return tuple(_without_variables(template)), False


def _without_variables(parts: Sequence[Part]) -> Iterator[Token]:
    for part in parts:
        yield Wild.STAR if isinstance(part, Variable) else part


def _share(of_policy: tuple[Token, ...], pattern: tuple[Token, ...]) -> bool:
    """Whether any resource is meant by both; in doubt, yes."""
    ours, theirs = _parts(pattern), _parts(of_policy)
    if len(ours) == len(theirs) == _COLONS + 1 and _is_place(theirs[3], theirs[4]):
        return all(overlap(one, other) for one, other in zip(theirs, ours, strict=True))
    return overlap(_filled(of_policy), pattern)


def _is_place(region: tuple[Token, ...], account: tuple[Token, ...]) -> bool:
    """Whether these are the parts of an ARN that they should be, and no star before them stands for several parts."""
    digits = "".join(token for token in account if isinstance(token, str))
    named = "".join(token for token in region if isinstance(token, str))
    return "/" not in named and (not digits or digits == "aws" or digits.isdigit())


def _parts(tokens: Iterable[Token]) -> list[tuple[Token, ...]]:
    """The tokens of each part of an ARN; colons behind the fifth are the resource's own."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if not isinstance(token, str):
            parts[-1].append(token)
            continue
        first, *others = token.split(":", _COLONS + 1 - len(parts))
        parts[-1].append(first)
        parts.extend([other] for other in others)
    return [tuple(part) for part in parts]


def _filled(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The parts of a short ARN that IAM fills in; a star at its end may stand for them as well."""
    colons = sum(token.count(":") for token in tokens if isinstance(token, str))
    return (*tokens, Wild.STAR) if 0 < colons < _COLONS else tokens


_COLONS = 5


@lru_cache(maxsize=4096)
def overlap(one: tuple[Token, ...], other: tuple[Token, ...]) -> bool:
    """Whether any text fits both patterns. Wildcards that stop at a colon are taken for ones that do not."""
    if not _heads_agree(one, other) or not _heads_agree(_reversed(one), _reversed(other)):
        return False
    left, right = _steps(one), _steps(other)
    # below[j]: whether what follows in `left` and right[j:] have a text in common.
    below = [all(step is Wild.STAR for step in right[j:]) for j in range(len(right) + 1)]
    for step in reversed(left):
        row = [False] * (len(right) + 1)
        row[-1] = step is Wild.STAR and below[-1]
        for j in range(len(right) - 1, -1, -1):
            if step is Wild.STAR or right[j] is Wild.STAR:
                row[j] = below[j] or row[j + 1]
            else:
                row[j] = below[j + 1] and (step is Wild.ONE or right[j] is Wild.ONE or step == right[j])
        below = row
    return below[0]


def _heads_agree(one: Sequence[Token], other: Sequence[Token]) -> bool:
    """Whether the literals that the patterns begin with may begin one text: cheap, and mostly enough to say no."""
    head = one[0] if one and isinstance(one[0], str) else ""
    their = other[0] if other and isinstance(other[0], str) else ""
    return head.startswith(their) or their.startswith(head)


def _reversed(tokens: Sequence[Token]) -> list[Token]:
    return [token[::-1] if isinstance(token, str) else token for token in reversed(tokens)]


def _steps(tokens: Sequence[Token]) -> list[Token]:
    """Each character and each wildcard by itself."""
    steps: list[Token] = []
    for token in tokens:
        if isinstance(token, str):
            steps.extend(token)
        else:
            steps.append(_UNBOUND.get(token, token))
    return steps


_UNBOUND = {Wild.STAR_IN_SEGMENT: Wild.STAR, Wild.ONE_IN_SEGMENT: Wild.ONE}
