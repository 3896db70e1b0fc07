"""Prepare a copy of kpitrack for mutmut, and report what it found. Called by script/mutation, in the copy."""

import json
import re
import sys
from pathlib import Path

MODULES = ("notation", "formula", "syntax", "compiled", "levels", "steps", "rollup")
LEAST_PERCENT = 90
UNNOTICED = {0, 33}  # mutmut's codes: the tests passed, or there are none
NOT_TRIED = {None, 2, 5, 34}  # not reached, interrupted, nothing collected, skipped

# Only Django's settings, no project and no database. Mutants are to be noticed, not shrunk.
# mutmut forks each mutant from a process that has run the unharmed tests: what that one has imported and worked
# out at import is forgotten first. And it runs only the tests that called the mutated function; a function that is
# called at import was called for all of them.
CONFTEST = """
import importlib
import os
import sys
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from mutmut.state import state

AT_IMPORT = set()

if not settings.configured:
    settings.configure(USE_I18N=False)
    sys.setrecursionlimit(10_000)  # a call becomes three
hypothesis.settings.register_profile(
    "mutation", max_examples=25, deadline=None, derandomize=True, database=None,
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
    suppress_health_check=list(hypothesis.HealthCheck),
)
hypothesis.settings.load_profile("mutation")


def pytest_configure():
    for name in [*sys.modules]:
        if name.split(".")[0] == "scoring" or name.startswith("tests.scoring"):
            del sys.modules[name]
    if os.environ["MUTANT_UNDER_TEST"] == "stats":
        for path in sorted(Path("scoring").glob("*.py")):
            importlib.import_module(f"scoring.{path.stem}")
        AT_IMPORT.update(state()._stats)


@pytest.fixture(autouse=True)
def _called_at_import():
    state()._stats.update(AT_IMPORT)
"""
CONFIGURATION = """
[tool.mutmut]
source_paths = ["scoring"]
only_mutate = [{paths}]
also_copy = ["fixtures", "static"]
pytest_add_cli_args = ["-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = ["tests/scoring"]
use_git_change_detection = false
timeout_multiplier = 4.0
timeout_constant = 2.0
"""
# mutmut leaves decorated functions alone, so caches come off and a property becomes a method and a name for it.
CACHE = re.compile(r"^@lru_cache.*\n", re.MULTILINE)
PROPERTY = re.compile(r"^( +)@(?:cached_)?property\n +def (\w+)\(self\)", re.MULTILINE)
AS_METHOD = r"\1\2 = property(lambda self: self.get_\2())\n\n\1def get_\2(self)"
# A test that needs more than the core is none of the core's tests.
OF_OTHERS = re.compile("test_(lint|band_plot|charts)")  # slow, and not about these modules
BEYOND_THE_CORE = re.compile(
    r"^\s*(?:from|import) (?:django|indicators|kpitrack|reports|script|strategy)\b", re.MULTILINE
)


def prepare(modules: list[str]) -> int:
    """Make this folder one that mutmut can work on."""
    paths = [f"scoring/{module}.py" for module in modules]
    for path in map(Path, paths):
        source = CACHE.sub("", path.read_text(encoding="utf-8"))
        path.write_text(PROPERTY.sub(AS_METHOD, source), encoding="utf-8")
    for test in Path("tests/scoring").glob("test_*.py"):
        if OF_OTHERS.match(test.name) or BEYOND_THE_CORE.search(test.read_text(encoding="utf-8")):
            test.unlink()
    Path("tests/conftest.py").write_text(CONFTEST, encoding="utf-8")
    with Path("pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(CONFIGURATION.format(paths=", ".join(f'"{path}"' for path in paths)))
    return 0


def report(modules: list[str]) -> int:
    """Print the figure of each module and what nothing noticed; 1 where a figure is too low."""
    found = {module: _codes(module) for module in modules}
    for module, codes in found.items():
        for mutant in (mutant for mutant, code in codes.items() if code in UNNOTICED):
            print(f"{module}: {mutant.rpartition('.')[2]}\n{_change(mutant)}")
    bad = False
    for module, codes in found.items():
        noticed = sum(code not in UNNOTICED | NOT_TRIED for code in codes.values())
        percent = 100 * noticed / len(codes)
        bad |= percent < LEAST_PERCENT
        print(f"{module:10} {noticed:5} of {len(codes):5} mutants noticed {percent:6.1f} %")
    untried = [mutant for codes in found.values() for mutant, code in codes.items() if code in NOT_TRIED]
    if untried:
        print(f"script/mutation: {len(untried)} mutants were not tried, among them {untried[0]}", file=sys.stderr)
    if bad:
        print(f"script/mutation: at least {LEAST_PERCENT} % must be noticed in each module", file=sys.stderr)
    return int(bad or bool(untried))


def _codes(module: str) -> dict[str, int | None]:
    """mutmut's code for each mutant of the module."""
    return json.loads(Path(f"mutants/scoring/{module}.py.meta").read_text(encoding="utf-8"))["exit_code_by_key"]


def _change(mutant: str) -> str:
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    lines = get_diff_for_mutant(mutant).splitlines()
    return "\n".join(f"  {line[0]} {line[1:].strip()}" for line in lines if re.match(r"[-+](?!-- |\+\+ )", line))


def main() -> int:
    step, *modules = sys.argv[1:]
    unknown = [module for module in modules if module not in MODULES]
    if unknown:
        print(f"script/mutation: unknown module {unknown[0]!r}; there are: {', '.join(MODULES)}", file=sys.stderr)
        return 2
    return {"prepare": prepare, "report": report}[step](modules or list(MODULES))


if __name__ == "__main__":
    sys.exit(main())
