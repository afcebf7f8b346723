"""How each system in eval.bench.peers is put to work; only `serve.py` is started, in that system's own environment."""
