"""The order of imports of DESIGN.md section 8, read from the source of every module."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# An app and the apps that it may import, itself apart.
MAY_IMPORT = {
    "kpitrack": {"reports", "indicators", "strategy", "scoring"},
    "reports": {"indicators", "strategy", "scoring"},
    "indicators": {"strategy", "scoring"},
    "strategy": set(),
    "scoring": set(),
}
MODULES = [path.relative_to(ROOT) for app in MAY_IMPORT for path in sorted((ROOT / app).rglob("*.py"))]
PURE = [path for path in MODULES if path.parts[0] == "scoring" or path == Path("strategy/periods.py")]


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything that the module imports, relative and late imports too."""
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = absolute(path, node)
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def absolute(path: Path, node: ast.ImportFrom) -> str:
    package = list(path.parts[:-1])
    above = package[: len(package) - node.level + 1] if node.level else []
    return ".".join([*above, *filter(None, [node.module])])


def test_every_app_is_found():
    assert {path.parts[0] for path in MODULES} == set(MAY_IMPORT)


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_run_one_way(path):
    allowed = MAY_IMPORT[path.parts[0]] | {path.parts[0]}
    wrong = [
        f"{path}:{line}: {name}" for line, name in imports(path) if name.split(".")[0] in MAY_IMPORT.keys() - allowed
    ]
    assert wrong == []


@pytest.mark.parametrize("path", PURE, ids=str)
def test_pure_modules_know_the_standard_library_and_gettext_alone(path):
    own = "scoring" if path.parts[0] == "scoring" else "__future__"
    wrong = [
        f"{path}:{line}: {name}"
        for line, name in imports(path)
        if name.split(".")[0] not in sys.stdlib_module_names | {own}
        and not name.startswith("django.utils.translation.")
    ]
    assert wrong == []


def test_nothing_is_called_common_or_utils():
    assert [str(path) for path in MODULES if path.stem in {"common", "utils", "helpers", "signals"}] == []


def test_files_stay_short():
    long = {
        str(path): n for path in MODULES if (n := len((ROOT / path).read_text(encoding="utf-8").splitlines())) > 400
    }
    assert {path for path in long if "migrations" not in path} == set()
