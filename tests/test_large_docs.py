"""What docs/groot.md says about large collections follows from its own numbers, and its files are whole."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from eval.bench.sizing import Passage, table
from eval.bench.stores import same
from index.milvus_fill import EXACT_UP_TO, GRAPH
from qa.settings import load_settings
from qa.spread import read_part

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docs" / "groot.md").read_text(encoding="utf-8")
DEPLOYED = sorted((ROOT / "deploy").glob("*.yaml"))


def test_the_table_is_what_its_measured_numbers_give() -> None:
    measured = re.search(
        r"([\d,]+) rijen \(.*?\) van (\d+) getallen, ([\d,]+) woordscores, (\d+) bytes .*?, en ([\d,]+) s",
        TEXT,
        re.DOTALL,
    )
    assert measured is not None
    rows, dimension, entries, size, seconds = (float(number.replace(",", ".")) for number in measured.groups())
    made = list(table(Passage(rows, entries, seconds, int(dimension), size)))
    for line in made:
        name, *computed = (cell.strip() for cell in line.strip("|").split("|"))
        told = next(one for one in TEXT.splitlines() if one.startswith(f"| {name} |")) if name != "---" else line
        for ours, theirs in zip(computed, (cell.strip() for cell in told.strip("|").split("|")[1:]), strict=True):
            assert _number(ours) == pytest.approx(_number(theirs), rel=0.01), name


def _number(cell: str) -> float:
    found = re.match(r"[\d,]+", cell)
    return float(found[0].replace(",", ".")) if found else 0.0


def test_memory_and_machines_follow_the_formula_on_the_page() -> None:
    one = Passage(rows=2.0, entries=10.0, seconds=0.36, dimension=100, bytes=1024.0)
    assert one.memory_bytes == pytest.approx(2 * (100 * 4 + 2 * 32 * 4 * 1.05) + 10 * 8)
    assert one.disk_bytes == 2 * 400 + 80
    assert "| vectoren uitrekenen | 100 kernuren |" in "\n".join(table(one))
    assert f"M = {GRAPH['M']}" in TEXT
    assert f"Tot {EXACT_UP_TO:,} rijen".replace(",", ".") in TEXT


@pytest.mark.parametrize("path", DEPLOYED, ids=lambda path: path.name)
def test_every_file_to_deploy_is_linked_and_can_be_read(path: Path) -> None:
    assert f"(../deploy/{path.name})" in TEXT
    assert yaml.safe_load(path.read_text(encoding="utf-8"))


def test_the_machines_to_search_on_are_those_of_the_table() -> None:
    row = next(line for line in TEXT.splitlines() if line.startswith("| machines van 64 GiB"))
    _, ten, hundred = (int(cell) for cell in row.strip("|").split("|")[1:])
    for name, count in (("10", ten), ("100", hundred)):
        values = yaml.safe_load((ROOT / "deploy" / f"milvus-{name}-miljoen.yaml").read_text(encoding="utf-8"))
        assert values["queryNode"]["replicas"] == count


def test_the_settings_and_parts_that_the_files_name_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compose = yaml.safe_load((ROOT / "deploy" / "milvus-compose.yaml").read_text(encoding="utf-8"))
    job = yaml.safe_load((ROOT / "deploy" / "milvus-delen.yaml").read_text(encoding="utf-8"))
    [container] = job["spec"]["template"]["spec"]["containers"]
    chosen = compose["services"]["bronvast"]["environment"] | {one["name"]: one["value"] for one in container["env"]}
    monkeypatch.chdir(tmp_path)
    for name, value in chosen.items():
        monkeypatch.setenv(name, re.sub(r"\$\{\w+:-(.*)\}", r"\1", value))
    settings = load_settings()
    assert (settings.store, settings.threads) == ("milvus", 2)
    count = job["spec"]["completions"]
    assert f"+ 1))/{count}" in container["command"][2]
    assert read_part(f"{count}/{count}") == (count, count)


def test_the_example_settings_are_valid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [example] = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    (tmp_path / "bronvast.toml").write_text(example, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    place = load_settings().milvus_place
    assert place is not None
    assert place.uri == tomllib.loads(example)["milvus"]


def test_rankings_are_the_same_but_for_ties() -> None:
    assert same([("a", 1.0), ("b", 0.5)], [("a", 1.0), ("b", 0.5)])
    assert same([("a", 1.0), ("b", 0.9999)], [("b", 1.0), ("a", 0.9999)])
    assert not same([("a", 1.0), ("b", 0.5)], [("b", 1.0), ("a", 0.5)])
    assert same([("a", 1.0), ("b", 0.5)], [("a", 1.0), ("c", 0.5)])
    assert not same([("a", 1.0), ("b", 0.5)], [("c", 1.0), ("a", 0.5)])
    assert not same([("a", 1.0)], [])
