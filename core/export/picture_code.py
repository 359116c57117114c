"""Loupe's own code for reading pictures, copied so that it runs where Loupe is not.

Whatever `core.images` imports from `core` comes along: a copy that is made anew for every
bundle cannot drift from what the training used.
"""

import ast
import re
from pathlib import Path

CORE = Path(__file__).resolve().parent.parent
START = "images"
PACKAGE = "pictures"


def picture_code() -> dict[str, str]:
    """File names and texts of a package called `pictures`, which needs no pydantic."""
    texts: dict[str, str] = {}
    waiting = [START]
    while waiting:
        module = waiting.pop()
        if module not in texts:
            texts[module] = (CORE / f"{module}.py").read_text(encoding="utf-8")
            waiting += _imported_from_core(texts[module])
    files = {f"{PACKAGE}/{module}.py": _moved(text) for module, text in texts.items()}
    return {f"{PACKAGE}/__init__.py": ""} | files


def _imported_from_core(text: str) -> list[str]:
    modules = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module == "core":
            modules += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("core."):
            modules.append(str(node.module).removeprefix("core."))
    return modules


def _moved(text: str) -> str:
    return re.sub(r"^(\s*)from core\b", rf"\1from {PACKAGE}", _without_pydantic(text), flags=re.M)


def _without_pydantic(text: str) -> str:
    """Leaves out the class `PictureSpec`, the one thing that pydantic is needed for.

    Annotations may still name it: they are not looked up in the copy.
    """
    lines = text.splitlines(keepends=True)
    body = ast.parse(text).body
    for node in reversed(body):
        from_pydantic = isinstance(node, ast.ImportFrom) and node.module == "pydantic"
        if from_pydantic or isinstance(node, ast.ClassDef) and node.name == "PictureSpec":
            del lines[node.lineno - 1 : node.end_lineno]
    lines.insert(body[0].end_lineno or 0, "\nfrom __future__ import annotations\n")
    return "".join(lines)
