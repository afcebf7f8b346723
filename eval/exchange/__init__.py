"""Gold to and from other people's formats: BEIR, TREC, SQuAD, ragas and promptfoo."""
