"""The command `bronvast calibrate`: fits when to refuse to another document, model or gold set."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

COMMAND = "bronvast calibrate"
ELSEWHERE = "Bestand met vragen die zeker over iets anders gaan: op elke regel een JSON-object met text."


def calibrate(
    gold: Annotated[Path | None, typer.Argument(help="Bestand met gouden vragen (.jsonl).")] = None,
    elsewhere: Annotated[Path | None, typer.Option("--elders", help=ELSEWHERE)] = None,
    out: Annotated[Path, typer.Option("--out", help="Waar de ijking komt.")] = Path("ijking.json"),
) -> None:
    """IJk wanneer Bronvast weigert, op gouden vragen over de documenten in de index."""
    from eval.calibrate import calibrate as fit
    from eval.calibrate import read_texts
    from eval.run import gold_for
    from eval.write import replace_file
    from qa.engine import open_extractive
    from qa.refuse import MODELS, load_judge, model_for
    from qa.settings import load_settings

    def say(text: str) -> None:
        log.print(text, highlight=False)

    log = Console(stderr=True)
    settings = load_settings()
    answerer = open_extractive(settings, say)
    documents = list(answerer.index.documents.values())
    files = gold_for(documents, gold, "" if gold else "dev")
    others = read_texts(elsewhere) if elsewhere else []
    result = fit(answerer, [question for file in files for question in file.questions], others)
    models = load_judge(settings.calibration).models
    models = {name: models[name] for name in MODELS if name in models}
    content = {
        "made_by": f"{COMMAND} --elders {elsewhere.name}" if elsewhere else COMMAND,
        "model": answerer.index.manifest["model"]["fingerprint"],
        "questions": {
            "answerable": result.answerable,
            "unanswerable": result.unanswerable,
            "elsewhere": result.elsewhere,
        },
        **models,
        model_for(answerer.retriever): result.model,
    }
    replace_file(out, json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    for line in result.lines():
        say(line)
    say(f'Geschreven: {out}. Gebruik haar met in bronvast.toml: calibration = "{out}"')
