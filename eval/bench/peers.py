"""Bronvast beside what people would pick instead, on the same text and weights: `python -m eval.bench.peers`."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from corpus.errors import BronvastError, InputError
from corpus.find import find_documents
from corpus.load import DocumentFile, load_document
from corpus.remote import Place
from eval.bench.contest import Score, askable, measure, place_finder
from eval.bench.driven import RunnerError, runner_command
from eval.bench.environments import NotInstalledError, Peer, chosen_peers, default_folder, install
from eval.gold import GoldQuestion
from eval.run import gold_for
from index.models import find_model
from qa.settings import load_settings

OURS, PLAIN = "Bronvast", "Bronvast zonder verrijking"
OUR_RUNNER = "bronvast_itself"
LIMIT_SECONDS = 3600.0


def main(
    document: Annotated[Path | None, typer.Argument(help="Document; anders hetzelfde als bij bronvast index.")] = None,
    gold: Annotated[Path | None, typer.Option(help="Gouden vragen; anders de meegeleverde bij het document.")] = None,
    folder: Annotated[Path | None, typer.Option(help="Map voor de omgevingen van de andere pakketten.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Alleen dit pakket; mag vaker.")] = None,
    threads: Annotated[int, typer.Option(help="Rekendraden voor elk; 0 is wat de instellingen zeggen.")] = 0,
) -> None:
    """Measure all, one after another, and print the table."""
    try:
        peers = chosen_peers(only or [])
        settings = load_settings()
        file = _one_document([document] if document else [], settings.documents)
        questions = [q for one in gold_for([file.document], gold) for q in askable(one.questions, file.document)]
        if not questions:
            raise InputError("Geen van deze gouden vragen past bij alle pakketten: geef vragen met een plaats.")
        model = find_model(settings.model, settings.cache, _say).path
        count = threads or settings.thread_count
        load = os.getloadavg()[0]
        scores, missing = _measured(peers, file, questions, model, folder or default_folder(), count)
    except BronvastError as error:
        _say(str(error))
        raise SystemExit(error.exit_code) from error
    conditions = f"{len(questions)} vragen, {count} rekendraden, belasting van de machine vooraf {load:.1f}"
    print("\n".join([conditions.replace(".", ","), "", *table(scores, missing)]))


def table(scores: Sequence[Score], missing: Sequence[str]) -> Iterator[str]:
    """The report in Markdown; the first score is what the others are compared with."""
    ours = scores[0]
    yield (
        "| wat | hit@1 | hit@5 | vraag p50 / p95 | maal Bronvast | indexeren | maal Bronvast | stukken "
        "| tekens in de eerste vondst |"
    )
    yield "|---|---|---|---|---|---|---|---|---|"
    for one in scores:
        name = f"{one.label} {one.version}" if one.version else one.label
        cells = (
            name,
            f"{one.hit_at_1:.3f}",
            f"{one.hit_at_5:.3f}",
            f"{one.p50:.1f} / {one.p95:.1f} ms",
            f"{one.p50 / ours.p50:.2f}",
            f"{one.indexing:.1f} s",
            f"{one.indexing / ours.indexing:.2f}",
            str(one.pieces),
            f"{one.shown:.0f}",
        )
        yield f"| {' | '.join(cell.replace('.', ',') if cell is not name else cell for cell in cells)} |"
    yield ""
    yield verdict(scores)
    for one in scores:
        if one.lost:
            yield f"Let op: {one.label} gaf {one.lost} teksten die niet in het document staan; die tellen als mis."
    for told in missing:
        yield f"Niet gemeten: {told}"


def verdict(scores: Sequence[Score]) -> str:
    """Whether any other answers sooner without finding less at rank 1 than the first."""
    ours, *others = scores
    faster = [one.label for one in others if one.p50 < ours.p50 and one.hit_at_1 >= ours.hit_at_1]
    if faster:
        return f"Sneller dan {ours.label} bij een hit@1 die minstens zo goed is: {', '.join(faster)}."
    return f"Geen ander is sneller dan {ours.label} bij een hit@1 die minstens zo goed is."


def _measured(
    peers: Sequence[Peer],
    file: DocumentFile,
    questions: Sequence[GoldQuestion],
    model: Path,
    folder: Path,
    threads: int,
) -> tuple[list[Score], list[str]]:
    """Scores, ours first, and why others have none. Raises InputError when Bronvast itself cannot be measured."""
    places = place_finder(file.document)
    with tempfile.TemporaryDirectory() as temporary:
        text = Path(temporary) / "document.txt"
        text.write_text(file.document.source, encoding="utf-8", newline="")
        contenders = [(OURS, runner_command(Path(sys.executable), OUR_RUNNER), file.path)]
        missing = []
        for peer in peers:
            try:
                contenders.append((peer.label, runner_command(install(peer, folder, _say), peer.runner), text))
            except NotInstalledError as error:
                missing.append(str(error))
        if file.enrichments:
            copy = Path(temporary) / f"zonder{file.path.suffix}"
            shutil.copy(file.path, copy)
            contenders.append((PLAIN, contenders[0][1], copy))
        scores: list[Score] = []
        for label, command, given in contenders:
            _say(f"{label}: wordt gemeten")
            try:
                scores.append(measure(label, command, model, given, questions, places, threads, LIMIT_SECONDS))
            except RunnerError as error:
                if label == OURS:
                    raise InputError(f"{label}: {error}") from error
                missing.append(f"{label}: {error}")
                continue
            _say(f"  hit@1 {scores[-1].hit_at_1:.3f}, p50 {scores[-1].p50:.1f} ms")
    return scores, missing


def _one_document(given: Sequence[Path], configured: Sequence[Place]) -> DocumentFile:
    found = find_documents(given, configured, Path.cwd())
    if len(found.paths) != 1:
        raise InputError(
            f"Er zijn {len(found.paths)} documenten ({found.origin}). Geef er een: het pad van een bestand."
        )
    return load_document(found.paths[0], load_settings().limits)


def _say(message: str) -> None:
    print(message, file=sys.stderr)


if __name__ == "__main__":
    typer.run(main)
