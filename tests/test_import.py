"""What `import bedrock_guard` costs and exports. Each import runs in a fresh interpreter."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import bedrock_guard

PACKAGE = Path(bedrock_guard.__file__).parent

# Every other module of the package comes when somebody asks for what it holds.
ALLOWED = {"bedrock_guard"}
HEAVY = {"aiobotocore", "boto3", "botocore", "click", "flask", "moto", "rich", "structlog", "tenacity", "urllib3"}


def loaded_by(statement: str) -> set[str]:
    """The modules beyond the standard library that a fresh interpreter loads for a statement.

    With ``-I``, so that neither the environment nor the working directory adds any; the package's folder is named.
    """
    program = f"""
import json, sys
sys.path.insert(0, {str(PACKAGE.parent)!r})
before = set(sys.modules)
{statement}
print(json.dumps(sorted(set(sys.modules) - before)))
"""
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {name for name in json.loads(done.stdout) if name.partition(".")[0] not in sys.stdlib_module_names}


def test_importing_the_package_loads_nothing_but_itself() -> None:
    """An app that imports the package pays for what it uses, when it uses it."""
    assert loaded_by("import bedrock_guard") == ALLOWED


def test_values_and_errors_load_no_other_package() -> None:
    """Code that only handles reports and errors, such as a log formatter, needs no AWS SDK."""
    names = "Decision, Finding, MissingPermissionsError, Principal, Remedy, Report, Requirement"
    roots = {name.partition(".")[0] for name in loaded_by(f"from bedrock_guard import {names}")}
    assert roots == {"bedrock_guard"}


def test_a_guard_that_is_asked_nothing_loads_no_sdk_of_aws() -> None:
    """boto3 comes with the first question, which an app may put off."""
    guard = "bedrock_guard.Guard(models=['amazon.nova-lite-v1:0'], operations=['converse'], region='us-east-1')"
    roots = {name.partition(".")[0] for name in loaded_by(f"import bedrock_guard; {guard}")}
    assert roots & HEAVY == set()


def _exports_for_type_checkers() -> set[str]:
    """The names that the package's `if TYPE_CHECKING` block imports, which type checkers and editors see."""
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    return {
        name.asname or name.name
        for block in tree.body
        if isinstance(block, ast.If)
        for statement in block.body
        if isinstance(statement, ast.ImportFrom)
        for name in statement.names
    }


def test_all_names_the_public_members_sorted() -> None:
    """`__all__`, dir(), what resolves at run time and what type checkers see are the same names."""
    assert bedrock_guard.__all__ == sorted(bedrock_guard.__all__)
    assert set(bedrock_guard.__all__) == _exports_for_type_checkers()
    # Beside these, pytest adds names such as `@pytest_ar` to the modules of a distribution that brings a plugin.
    others = {path.stem for path in PACKAGE.iterdir()} | {"Any", "TYPE_CHECKING", "annotations", "import_module"}
    public = {name for name in dir(bedrock_guard) if name.isidentifier() and not name.startswith("_")} - others
    # `client` and `session` are functions; a module of the same name would be counted out above.
    assert public == set(bedrock_guard.__all__)


@pytest.mark.parametrize("name", bedrock_guard.__all__)
def test_each_exported_name_resolves_to_a_public_object(name: str) -> None:
    """Lazy exports point at something that is there, has this name, and belongs to the package."""
    value = getattr(bedrock_guard, name)
    assert value.__name__ == name
    assert value.__module__.partition(".")[0] == "bedrock_guard"


def test_a_name_that_is_not_exported_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Grd'"):
        bedrock_guard.Grd  # noqa: B018
