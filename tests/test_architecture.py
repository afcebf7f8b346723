"""The house's laws that no type checker sees."""

import ast
import subprocess
import sys
from importlib.metadata import distribution, entry_points, packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

PACKAGES = ("corpus", "index", "qa", "api", "eval")
MAY_IMPORT = {
    "corpus": set(),
    "index": {"corpus"},
    "qa": {"corpus", "index"},
    "api": {"corpus", "index", "qa"},
    "eval": {"corpus", "index", "qa"},
}
HEAVY = (
    "torch",
    "transformers",
    "sentence_transformers",
    "llama_index",
    "faiss",
    "pymilvus",
    "onnxruntime",
    "bm25s",
    "fastapi",
    "scipy",
    "openai",
    "ollama",
    "httpx",
)


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add((node.module or "").split(".")[0])
    return names


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_point_one_way(package: str) -> None:
    for path in modules(package):
        ours = imported(path) & set(PACKAGES) - {package}
        assert ours <= MAY_IMPORT[package], f"{path} imports {ours - MAY_IMPORT[package]}"


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_file_is_one_docstring(package: str) -> None:
    body = ast.parse((ROOT / package / "__init__.py").read_text(encoding="utf-8")).body
    assert len(body) == 1
    assert isinstance(body[0], ast.Expr)
    assert "\n" not in body[0].value.value  # type: ignore[attr-defined]


def test_no_module_is_named_like_the_standard_library() -> None:
    names = {path.stem for package in PACKAGES for path in modules(package)} - {"__init__"}
    assert not names & set(sys.stdlib_module_names)
    assert not names & {"utils", "helpers", "common", "manager"}


def test_the_five_packages_are_ours() -> None:
    owners = packages_distributions()
    for package in PACKAGES:
        assert set(owners.get(package, ["bronvast"])) == {"bronvast"}
    assert "Private :: Do Not Upload" in distribution("bronvast").metadata.get_all("Classifier")


def test_commands_are_added_without_api_knowing_them() -> None:
    found = {point.name: point.value for point in entry_points(group="bronvast.commands")}
    assert found == {
        "calibrate": "eval.calibrate_command:calibrate",
        "enrich": "qa.written.enrich_command:enrich",
        "eval": "eval.command:evaluate",
        "gold": "eval.gold_command:gold",
    }


def test_the_pytest_plugin_costs_nothing_until_it_is_used() -> None:
    ours = "m for m in sys.modules if m.startswith(('corpus', 'qa', 'index'))"
    code = f"import sys, eval.pytest_plugin; print(sorted({ours}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_the_command_line_starts_without_anything_heavy() -> None:
    code = (
        "import sys, api.cli, eval.command, eval.gold_command, qa.written.enrich_command; "
        f"print(sorted(m for m in {HEAVY!r} if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"
