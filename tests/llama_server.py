"""Runs llama.cpp's own server on a free port, prints its address, and stops when its input closes."""

import sys

import xllamacpp


def main(weights: str) -> None:
    parameters = xllamacpp.CommonParams()
    parameters.model.path = weights
    parameters.n_ctx = 3072
    parameters.n_parallel = 1
    parameters.warmup = False
    # One thread: with more, they wait for each other on a machine that does other things too.
    parameters.cpuparams.n_threads = 1
    parameters.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(parameters)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])
