"""What computes, and the environment it computes in. Imports Keras only when asked."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

# As Linux names them.
BFLOAT16_FLAGS = ("amx_bf16", "avx512_bf16")

ENVIRONMENT = {
    # Engine and training share one graphics card: neither may take all of it at once.
    "TF_FORCE_GPU_ALLOW_GROWTH": "true",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "TF_ENABLE_DEPRECATION_WARNINGS": "0",
    "OPENCV_LOG_LEVEL": "ERROR",
}


def prepare_environment() -> None:
    """Sets what Keras and its backend read when they are imported, unless it is set already."""
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)


@contextmanager
def quiet_import() -> Iterator[None]:
    """Keeps what TensorFlow prints while it is imported off the screen: no setting does that."""
    sys.stderr.flush()
    kept = os.dup(2)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 2)
    os.close(silence)
    try:
        yield
    finally:
        sys.stderr.flush()
        os.dup2(kept, 2)
        os.close(kept)


def cpu_count() -> int:
    """The cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def has_gpu() -> bool:
    """Whether Keras' backend can use a graphics card here."""
    import keras

    if keras.backend.backend() == "torch":
        import torch  # type: ignore[import-not-found]

        return bool(torch.cuda.is_available())
    try:
        return bool(keras.distribution.list_devices("gpu"))
    except RuntimeError:  # JAX without a graphics card
        return False


def graphics_card_found() -> bool:
    """Whether this computer seems to have a graphics card to compute with; needs no Keras.

    `has_gpu` knows for certain, but imports Keras, which the pages' process never does.
    """
    if os.environ.get("CUDA_VISIBLE_DEVICES", "0") in ("", "-1"):
        return False
    return bool(shutil.which("nvidia-smi")) or os.path.exists("/dev/nvidia0")


@lru_cache(maxsize=1)
def has_fast_halves() -> bool:
    """Whether the processor computes with bfloat16 by itself; needs no Keras.

    Only Linux tells. Measured with AMX: VGG-like networks train 2.4 times as fast.
    """
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return any(re.search(rf"\b{flag}\b", told) for flag in BFLOAT16_FLAGS)


def mixed_policy(precision: str) -> str | None:
    """What Keras calls the precision to compute in; None for float32 throughout.

    Args:
        precision: "full", "mixed", or "auto": mixed where that is faster.

    Returns:
        "mixed_float16" on a graphics card, "mixed_bfloat16" on a processor that has it, with
        TensorFlow; elsewhere None for "auto" and "mixed_float16" for "mixed".
    """
    import keras

    if precision == "full":
        return None
    if has_gpu():
        return "mixed_float16"
    if keras.backend.backend() == "tensorflow" and has_fast_halves():
        return "mixed_bfloat16"
    return "mixed_float16" if precision == "mixed" else None


def computes_in(precision: str) -> str:
    """What `mixed_policy` comes to: "float32", "float16" or "bfloat16"."""
    return (mixed_policy(precision) or "float32").removeprefix("mixed_")


def jit_compile(xla: str = "auto") -> str | bool:
    """What `compile` is to be told.

    JAX always compiles, as it is made for. PyTorch, which has no XLA, never does.

    Args:
        xla: "on", "off", or "auto": with TensorFlow on a graphics card only, for on a CPU it
            is slower with XLA than without.
    """
    import keras

    if keras.backend.backend() != "tensorflow":
        return keras.backend.backend() == "jax"
    if xla == "auto":
        return "auto" if has_gpu() else False
    return xla == "on"


def device_name() -> str:
    """`GPU: NVIDIA H200` or `CPU, 2 cores`."""
    if has_gpu():
        return f"GPU: {_gpu_name()}"
    cores = cpu_count()
    return f"CPU, {cores} core{'s' if cores > 1 else ''}"


def _gpu_name() -> str:
    program = shutil.which("nvidia-smi")
    if not program:
        return "graphics card"
    query = [program, "--query-gpu=name", "--format=csv,noheader"]
    answer = subprocess.run(query, capture_output=True, text=True, check=False)  # noqa: S603
    return (answer.stdout.splitlines() or ["graphics card"])[0].strip()
