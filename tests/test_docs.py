"""What the documentation says is so."""

import re
import tomllib
from pathlib import Path

import pytest
import typer

from corpus.errors import BronvastError, IndexUnusableError, InputError, ModelUnusableError
from eval.calibrate_command import calibrate
from eval.command import evaluate
from eval.exchange.export import FORMATS
from eval.gold_command import gold
from eval.line import FIELDS
from qa.settings import Settings, load_settings
from qa.written.options import KEY_VARIABLE, LanguageModelOptions

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "docs" / "instellingen.md").read_text(encoding="utf-8")


def test_every_setting_is_in_the_table_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]*) \|", SETTINGS, re.MULTILINE))
    assert set(rows) == set(Settings.model_fields)
    for name, field in Settings.model_fields.items():
        if rows[name].startswith("`"):
            assert rows[name].strip("` ") == str(field.default)


def test_every_setting_of_the_language_model_is_in_its_table_and_its_examples_are_valid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "docs" / "taalmodel.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]*) \|", text, re.MULTILINE))
    assert set(rows) == set(LanguageModelOptions.model_fields)
    for name, field in LanguageModelOptions.model_fields.items():
        assert rows[name].strip("` ") == (str(field.default) or "leeg")
    examples = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    for example in examples:
        assert len(example.splitlines()) == 5
        (tmp_path / "bronvast.toml").write_text(example, encoding="utf-8")
        assert load_settings().taalmodel.model == tomllib.loads(example)["taalmodel"]["model"]
    assert {load_settings().taalmodel.kind for _ in examples} <= {"openai", "ollama"}
    assert KEY_VARIABLE in text


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ('url = "127.0.0.1/v1"\nmodel = "m"', "http://"),
        ('url = "http://127.0.0.1/v1"', "geef ook model"),
        ('url = "http://jan:geheim@127.0.0.1/v1"\nmodel = "m"', KEY_VARIABLE),
        ('key = "geheim"', "taalmodel.key"),
    ],
)
def test_wrong_settings_of_the_language_model_say_what_is_expected(
    wrong: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bronvast.toml").write_text(f"[taalmodel]\n{wrong}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=told):
        load_settings()


def test_the_example_settings_are_valid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example = re.search(r"```toml\n(.*?)```", SETTINGS, re.DOTALL)
    assert example is not None
    (tmp_path / "bronvast.toml").write_text(example[1], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    settings = load_settings()
    assert settings.contact == tomllib.loads(example[1])["contact"]
    assert settings.documents == (Path("rapporten/"),)


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bronvast.toml").write_text("port = 9000\nthreads = 3\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BRONVAST_PORT", "9001")
    settings = load_settings()
    assert (settings.port, settings.threads, settings.thread_count) == (9001, 3, 3)


def test_exit_codes_are_those_of_the_errors() -> None:
    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", SETTINGS, re.MULTILINE)}
    errors = {error.exit_code for error in (BronvastError, InputError, IndexUnusableError, ModelUnusableError)}
    assert codes == errors | {0, 130}


def test_the_readme_names_real_commands_and_files() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"\bmake (\w+)", README):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for link in re.findall(r"\]\((?!https?:)([^)#]+)", README):
        assert (ROOT / link).exists(), link
    for folder in ("corpus", "index", "qa", "api", "eval", "tests"):
        assert f"{folder}/" in README


def test_the_page_about_gold_names_real_options_fields_and_formats() -> None:
    text = (ROOT / "docs" / "goud.md").read_text(encoding="utf-8")
    app = typer.Typer()
    app.command("eval")(evaluate)
    app.command("calibrate")(calibrate)
    app.add_typer(gold, name="gold")
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    every = [commands["eval"], commands["calibrate"], *commands["gold"].commands.values()]
    known = {option for command in every for parameter in command.params for option in parameter.opts}
    assert set(re.findall(r"--[a-z][a-z-]+", text)) <= known | {"--bronvast-gold", "--bronvast-url"}
    fields = re.findall(r"`(\w+)`", text.split("| veld | inhoud |")[1])
    assert set(FIELDS) <= set(fields)
    assert all(f"`{name}`" in text or f"--as {name}" in text for name in FORMATS)


def test_every_installed_package_is_pinned() -> None:
    pins = dict(re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE))
    pinned = {name.lower().replace("_", "-") for name in pins}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        assert name.lower() in pinned, name
    assert pins["torch"] == "2.13.0"
