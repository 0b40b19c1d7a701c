"""Which resources a statement names."""

from __future__ import annotations

from collections.abc import Sequence

from bedrock_guard.iam.context import Context
from bedrock_guard.iam.variables import Part, UnresolvedError, Variable, has_variables, read_template, resolve
from bedrock_guard.iam.wildcard import Anything, Pattern, Token, Wild, compile_tokens, tokens_of

__all__ = ["ResourceTest", "compile_resource"]


class ResourceTest:
    """A Resource or NotResource element as a question about one resource.

    Attributes:
        everything: Whether it matches whatever is asked.
    """

    __slots__ = ("_deny", "_negated", "_patterns", "_templates", "everything")

    def __init__(self, values: Sequence[str], *, negated: bool, deny: bool, variables: bool) -> None:
        templated = [value for value in values if variables and has_variables(value)]
        self._templates = tuple(read_template(value, wildcards=True) for value in templated)
        plain = [tokens_of(value) for value in values if value not in templated]
        # A star may stand for the missing parts, or they may be filled in: where matching denies, either will do.
        wide = [compile_resource(tokens, filled=False) for tokens in plain if deny is not negated and _is_short(tokens)]
        self._patterns: tuple[Pattern, ...] = (*(compile_resource(tokens) for tokens in plain), *wide)
        self._negated = negated
        self._deny = deny
        self.everything = not negated and any(isinstance(pattern, Anything) for pattern in self._patterns)

    def holds(self, resource: str, context: Context) -> bool | None:
        """Whether the element matches; None where that hangs on a key nobody knows."""
        for pattern in self._patterns:
            if pattern.matches(resource):
                return not self._negated
        if not self._templates:
            return self._negated
        return self._holds_by_template(resource, context)

    def _holds_by_template(self, resource: str, context: Context) -> bool | None:
        unknown = False
        for template in self._templates:
            try:
                tokens = resolve(template, context)
            except UnresolvedError as unresolved:
                if unresolved.unknown:
                    unknown = True
                elif self._negated and not self._deny:
                    # AWS says that a variable without value may invalidate the statement.
                    return False
                continue
            if compile_resource(tokens).matches(resource):
                return not self._negated
        return None if unknown else self._negated

    def unknown_keys(self, resource: str, context: Context) -> list[str]:
        """The keys whose value is missing to answer, as written; empty when there is an answer."""
        if self.holds(resource, context) is not None:
            return []
        found: list[str] = []
        for template in self._templates:
            try:
                resolve(template, context)
            except UnresolvedError as unresolved:
                found.extend(unresolved.unknown)
        return found

    @property
    def keys(self) -> list[str]:
        """The keys of its variables, as written."""
        return [part.key for template in self._templates for part in template if isinstance(part, Variable)]


_FIRST_PARTS = 5
"""Parts of an ARN before the resource, which may contain colons of its own."""


def compile_resource(tokens: Sequence[Part], *, filled: bool = True) -> Pattern:
    """A pattern for resource ARNs.

    ``*`` at the end of a colon-separated part reaches past the colon; elsewhere in the first five parts ``*`` and
    ``?`` stay within their part. Parts missing at the end are ``*``, as IAM fills them in.

    Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html, read 2026-11-24;
    the filling in: IAM's messages on short ARNs, recorded in tests/test_iam/test_iam_policies.py of getmoto/moto.
    """
    made: list[Token] = []
    colons = 0
    for index, token in enumerate(tokens):
        if isinstance(token, str):
            made.append(token)
            colons += token.count(":")
        elif isinstance(token, Variable):
            raise TypeError(f"variable {token.key!r} has not been replaced")
        elif colons >= _FIRST_PARTS:
            made.append(token)
        elif token is Wild.STAR:
            made.append(Wild.STAR if _ends_part(tokens, index) else Wild.STAR_IN_SEGMENT)
        else:
            made.append(Wild.ONE_IN_SEGMENT)
    if filled and 0 < colons < _FIRST_PARTS:
        made += [":", Wild.STAR] * (_FIRST_PARTS - colons)
    return compile_tokens(made)


def _is_short(tokens: Sequence[Part]) -> bool:
    return sum(token.count(":") for token in tokens if isinstance(token, str)) < _FIRST_PARTS


def _ends_part(tokens: Sequence[Part], index: int) -> bool:
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    if after is Wild.STAR:
        return True
    return after is None or (isinstance(after, str) and after.startswith(":"))
