"""Gold as files of another format; each format is one function over a bundle. The files hold words of the documents."""

from collections.abc import Callable
from dataclasses import dataclass

from eval.exchange.bundle import Bundle, Files, as_column, json_lines, whole_json
from qa.model import Reason
from qa.phrase import refusal_text

SERVICE = "http://127.0.0.1:8000/v1/antwoorden"
# How every refusal begins.
REFUSED = refusal_text(Reason.NOT_FOUND, (), "").split(",")[0]


def to_beir(bundle: Bundle) -> Files:
    """BEIR (Thakur et al., 2021): passages, questions, and which passages hold an answer."""
    rows = [f"{q.id}\t{passage.id}\t1\n" for q in bundle.questions for passage in bundle.relevant(q)]
    corpus = [
        {"_id": p.id, "title": p.section.title, "text": bundle.documents[sha256].text[p.start : p.end]}
        for sha256, passages in bundle.passages.items()
        for p in passages
    ]
    queries = [
        {"_id": q.id, "text": q.question, "metadata": {"kind": q.kind, "style": q.style}} for q in bundle.questions
    ]
    return {
        "corpus.jsonl": json_lines(corpus),
        "queries.jsonl": json_lines(queries),
        "qrels/test.tsv": "query-id\tcorpus-id\tscore\n" + "".join(rows),
    }


def to_trec(bundle: Bundle) -> Files:
    """TREC: topics, qrels, and the run of this retriever, for trec_eval and its kin."""
    names = {q.id: as_column(q.id) for q in bundle.questions}
    qrels = [f"{names[q.id]} 0 {passage.id} 1\n" for q in bundle.questions for passage in bundle.relevant(q)]
    run = [
        f"{names[outcome.gold.id]} Q0 {name} {rank} {1 / rank:.6f} bronvast\n"
        for outcome in bundle.outcomes
        for rank, name in enumerate(outcome.passage_ids, 1)
    ]
    topics = [f"{names[q.id]}\t{' '.join(q.question.split())}\n" for q in bundle.questions]
    return {"topics.tsv": "".join(topics), "qrels.txt": "".join(qrels), "run.txt": "".join(run)}


def to_squad(bundle: Bundle) -> Files:
    """SQuAD 2.0 (Rajpurkar et al., 2018), a document as one paragraph; any span is enough, for it knows no other."""
    data = []
    for sha256, document in bundle.documents.items():
        qas = [
            {
                "id": q.id,
                "question": q.question,
                "is_impossible": not q.answerable,
                "answers": [{"text": words, "answer_start": start} for start, words in bundle.answers(q)],
            }
            for q in bundle.questions
            if q.document_sha256 == sha256
        ]
        data.append({"title": document.title, "paragraphs": [{"context": document.text, "qas": qas}]})
    return {"squad.json": whole_json({"version": "v2.0", "data": data})}


def to_ragas(bundle: Bundle) -> Files:
    """The columns of ragas' single-turn samples: what gold expects beside what was answered."""
    rows = []
    for outcome in bundle.outcomes:
        words = [text for _, text in bundle.answers(outcome.gold)]
        document = bundle.documents[outcome.gold.document_sha256]
        passages = {p.id: document.text[p.start : p.end] for p in bundle.passages[outcome.gold.document_sha256]}
        rows.append(
            {
                "user_input": outcome.gold.question,
                "reference": "\n".join(words) or refusal_text(Reason.NOT_FOUND, (), ""),
                "reference_contexts": [passages[passage.id] for passage in bundle.relevant(outcome.gold)],
                "response": outcome.text,
                "retrieved_contexts": [passages[name] for name in outcome.passage_ids if name in passages],
            }
        )
    return {"ragas.jsonl": json_lines(rows)}


def to_promptfoo(bundle: Bundle) -> Files:
    """A promptfoo configuration that asks a running service and judges the text of its answer."""
    tests = []
    for q in bundle.questions:
        facts = [{"type": "icontains-any", "value": list(fact)} for fact in q.facts]
        status = {"type": "not-icontains" if q.answerable else "icontains", "value": REFUSED}
        quotes = [words for _, words in bundle.answers(q)]
        tests.append(
            {
                "description": q.id,
                "vars": {"question": q.question},
                "assert": [status, *facts],
                "metadata": {"kind": q.kind, "style": q.style, "answerable": q.answerable, "quotes": quotes},
            }
        )
    provider = {
        "id": SERVICE,
        "config": {
            "method": "POST",
            "headers": {"Content-Type": "application/json"},
            "body": {"question": "{{prompt}}"},
            "transformResponse": "json.answer",
        },
    }
    config = {"description": "Gouden vragen van Bronvast", "prompts": ["{{question}}"], "providers": [provider]}
    return {"promptfooconfig.json": whole_json({**config, "tests": tests})}


@dataclass(frozen=True, slots=True)
class Format:
    """How to write a format, and whether that takes answers."""

    write: Callable[[Bundle], Files]
    needs_answers: bool = False


FORMATS = {
    "beir": Format(to_beir),
    "trec": Format(to_trec, needs_answers=True),
    "squad": Format(to_squad),
    "ragas": Format(to_ragas, needs_answers=True),
    "promptfoo": Format(to_promptfoo),
}
