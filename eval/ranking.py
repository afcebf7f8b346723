"""Passages against gold by ir_measures: hit, recall, nDCG and MRR over the needs of a question.

A need is one relevant item; the passage that first holds it stands for it in the run, at its own rank. A passage that
repeats a need is neither right nor wrong: reports say the same thing twice, and the retriever leaves repeats out.
"""

from collections.abc import Mapping, Sequence

DEPTH = 10


def ranking_scores(found: Mapping[str, Sequence[int]]) -> dict[str, dict[str, float]]:
    """Question to measure to value; `found` holds for each need of a question its rank, 0 where it was not found."""
    import ir_measures
    from ir_measures import RR, R, Success, nDCG

    names = {
        Success @ 1: "passage hit@1",
        Success @ 3: "passage hit@3",
        Success @ 5: "passage hit@5",
        Success @ 10: "passage hit@10",
        R @ 5: "recall@5",
        R @ 10: "recall@10",
        nDCG @ 10: "nDCG@10",
        RR: "MRR",
    }
    qrels = {name: {f"need-{n}": 1 for n in range(len(ranks))} for name, ranks in found.items()}
    run = {name: _ranked(ranks) for name, ranks in found.items()}
    scores: dict[str, dict[str, float]] = {name: dict.fromkeys(names.values(), 0.0) for name in found}
    for metric in ir_measures.iter_calc(list(names), qrels, run) if found else ():
        scores[metric.query_id][names[metric.measure]] = metric.value
    return scores


def _ranked(ranks: Sequence[int]) -> dict[str, float]:
    """A run of one question: the needs at their ranks, anything at the ranks between. Needs in one passage tie."""
    taken = {rank for rank in ranks if rank}
    fill = {f"passage-{rank}": -float(rank) for rank in range(1, max(taken, default=0)) if rank not in taken}
    return fill | {f"need-{n}": -float(rank) for n, rank in enumerate(ranks) if rank}
