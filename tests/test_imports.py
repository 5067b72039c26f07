"""What importing costs, what the package offers, and which module may know which."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import stabgraph

ROOT = Path(stabgraph.__file__).parents[2]
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(stabgraph.__path__, "stabgraph.")
    if not module.name.endswith("__main__")
)

# ── The budget of imports ──────────────────────────────────────────────────────────────────────────────────

#: What nothing imports that only asks, looks or writes tables; then what not even a word of help needs.
SLOW = {
    "rdflib", "networkx", "numpy", "scipy", "pyvis", "pyshacl", "jinja2", "msgspec", "multiprocessing",
    "pandas", "polars", "pyarrow", "IPython",
}  # fmt: skip
ENGINE = {"pyoxigraph", "yaml", "rich", "platformdirs"}
TRUST = "'--trust', 'Daily Two', '--as-of', '2031', '--data', DATA"
#: What runs in a fresh interpreter, and what it must not import.
BUDGET = {
    "import stabgraph": ("import stabgraph", SLOW | ENGINE | {"typer"}),
    "help": ("run(['stabgraph', '--help'])", SLOW | ENGINE),
    "help of a command": ("run(['stabgraph', 'show', '--help'])", SLOW | ENGINE),
    "help of a comparison": ("run(['stabgraph', 'compare', '--help'])", SLOW | ENGINE),
    "help of stores": ("run(['stabgraph', 'store', 'check', '--help'])", SLOW | ENGINE),
    "ask": ("run(['stabgraph', 'ask', 'meetings', '--party', 'ISL', '--data', DATA])", SLOW),
    "ask whom one trusts": (f"run(['stabgraph', 'ask', 'meetings', {TRUST}])", SLOW),
    "query": ("run(['stabgraph', 'query', 'ASK { ?s ?p ?o }', '--data', DATA])", SLOW | {"rich", "yaml"}),
    "show": ("run(['stabgraph', 'show', 'isl-nor-arctic-1', '--data', DATA])", SLOW),
    "topics": (
        "run(['stabgraph', 'topics', 'match', 'missile defense', '--format', 'json', '--data', DATA])",
        SLOW | {"rich", "yaml"},
    ),
    "tree of topics": ("run(['stabgraph', 'topics', 'tree', '--data', DATA])", SLOW | {"rich", "yaml"}),
    "compare": (f"run(['stabgraph', 'compare', '--format', 'csv', {TRUST}])", SLOW | {"rich", "yaml"}),
    "dyads": (f"run(['stabgraph', 'export', 'dyads', '-o', DIR + '/x.csv', {TRUST}])", SLOW | {"rich"}),
    "stores": (
        """
STORE = DIR + '/talks.db'
run(['stabgraph', 'store', 'create', STORE, '--data', DATA])
run(['stabgraph', 'update', 'DELETE WHERE { ?s rdfs:comment ?c }', '--store', STORE])
run(['stabgraph', 'store', 'compact', STORE])
""",
        SLOW | {"rich", "yaml"},
    ),
}  # fmt: skip
SCRIPT = """
import sys
DATA, DIR = sys.argv[1:]
def run(words):
    sys.argv = words
    from stabgraph.cli import main
    try:
        main()
    except SystemExit as stop:
        assert not stop.code, stop.code
{0}
print("\\nimported:", *sorted({{name.partition(".")[0] for name in sys.modules}}))
"""


def imported(python, statement, *folders):
    result = python("-c", SCRIPT.format(statement), *map(str, folders))
    assert result.returncode == 0, result.stderr
    return set(result.stdout.rpartition("imported: ")[2].split())


@pytest.mark.parametrize(("statement", "banned"), BUDGET.values(), ids=BUDGET)
def test_start_imports_nothing_slow(python, small_data, tmp_path, statement, banned):
    modules = imported(python, statement, small_data, tmp_path)
    assert "stabgraph" in modules
    assert not modules & banned


def test_import_of_something_slow_would_be_noticed(python, small_data, tmp_path):
    assert {"rdflib", "pyoxigraph"} <= imported(
        python, "import stabgraph as sg; sg.load(DATA).rdf", small_data, tmp_path
    )


# ── What the package offers ────────────────────────────────────────────────────────────────────────────────


def test_public_names_are_sorted_and_unique():
    names = stabgraph.__all__
    # Constants, then classes, then functions, as ruff sorts them.
    kinds = [(not name.isupper(), name[0].islower(), name) for name in names]
    assert kinds == sorted(kinds)
    assert len(names) == len(set(names)) > 15


def test_public_names_are_completed_in_a_shell():
    assert set(stabgraph.__all__) <= set(dir(stabgraph))


def test_public_names_are_those_that_are_declared():
    """What type checkers see under TYPE_CHECKING and what runs are the same names."""
    tree = ast.parse(Path(stabgraph.__file__).read_text("utf-8"))
    [block] = [node for node in tree.body if isinstance(node, ast.If)]
    declared = {
        alias.asname or alias.name: f"{statement.module}.{alias.name}"
        for statement in block.body
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
    }
    assert set(declared) == set(stabgraph.__all__)
    for name, path in declared.items():
        module, _, attribute = path.rpartition(".")
        assert getattr(stabgraph, name) is getattr(importlib.import_module(module), attribute)


def test_fresh_interpreter_offers_exactly_the_public_names(python):
    result = python(
        "-c",
        "import stabgraph, types\n"
        "for name in stabgraph.__all__: getattr(stabgraph, name)\n"
        "print(*sorted(n for n, v in vars(stabgraph).items() if not n.startswith('_')"
        " and not isinstance(v, types.ModuleType)))",
    )
    helpers = {"TYPE_CHECKING", "Any", "annotations", "import_module"}
    assert set(result.stdout.split()) - helpers == set(stabgraph.__all__)


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'stabgraph' has no attribute 'laod'"):
        stabgraph.laod  # noqa: B018


@pytest.mark.parametrize("module", MODULES)
def test_names_that_a_module_lists_exist(module):
    loaded = importlib.import_module(module)
    missing = [name for name in getattr(loaded, "__all__", ()) if not hasattr(loaded, name)]
    assert not missing


def test_version_is_that_of_the_installed_package():
    from importlib.metadata import version

    assert version("stabgraph") == stabgraph.__version__


def public_things(module):
    """Public functions, classes and methods that a module defines itself."""
    for name, thing in vars(module).items():
        if name.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
            continue
        if inspect.isfunction(thing) or inspect.isclass(thing):
            yield f"{module.__name__}.{name}", thing
        if inspect.isclass(thing):
            for inner, method in vars(thing).items():
                plain = method.fget if isinstance(method, property) else getattr(method, "__func__", method)
                if not inner.startswith("_") and inspect.isfunction(plain):
                    yield f"{module.__name__}.{name}.{inner}", plain


def test_there_are_modules_to_look_at():
    assert {"stabgraph.graph", "stabgraph.export.html", "stabgraph.engines.embedded"} <= set(MODULES)


@pytest.mark.parametrize("module", ["stabgraph", *MODULES])
def test_module_and_all_that_is_public_in_it_is_documented(module):
    loaded = importlib.import_module(module)
    assert loaded.__doc__
    undocumented = [path for path, thing in public_things(loaded) if not (thing.__doc__ or "").strip()]
    assert not undocumented


# ── Which module may know which ────────────────────────────────────────────────────────────────────────────


def lint_imports(root, *options):
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as c; c()",
            "--no-cache",
            *options,
        ],
        cwd=root,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_modules_import_in_one_direction_only():
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout
    assert "Contracts: 1 kept, 0 broken." in result.stdout


def test_import_against_the_direction_would_be_noticed(tmp_path):
    """The same contract with its layers upside down is broken."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    head, layers, tail = re.split(r"(?<=\nlayers = \[\n)((?:    \"[^\n]+\n)+)", text, maxsplit=1)
    upside_down = "".join(reversed(layers.splitlines(keepends=True)))
    contract = head[head.index("[tool.importlinter]") :] + upside_down + tail
    (tmp_path / "pyproject.toml").write_text(contract, "utf-8")
    result = lint_imports(tmp_path)
    assert result.returncode == 1
    assert "stabgraph.errors is not allowed to import" not in result.stdout
    assert "is not allowed to import stabgraph.errors" in result.stdout
