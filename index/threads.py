"""Threads of numpy's sums: small sums gain nothing by a second one, and that then keeps a core from the model."""

from threadpoolctl import ThreadpoolController


def sum_alone() -> None:
    """From now on, in this process, numpy's sums take one thread.

    After a sum OpenBLAS's other threads wait for the next one at full speed, while the model embeds: on two cores that
    costs a fifth of its time. The threads of the model itself, by ONNX Runtime or torch, stay as they are.
    """
    ThreadpoolController().select(internal_api="openblas").limit(limits=1)
