"""Lines of Keras code: how a call of a layer is written."""

from typing import Any

from core.models.keras_layers import KerasLayer

LONGEST_LINE = 88


def layer_line(layer: KerasLayer, name: str, variable: str = "x") -> str:
    """`x = layers.Dense(units=3, name="output")(x)`, an argument per line where it is long."""
    given = [f"{key}={literal(value)}" for key, value in layer.arguments.items()]
    given.append(f'name="{name}"')
    return f"{call(f'{variable} = layers.{layer.class_name}', given)}({variable})"


def call(function: str, arguments: list[str]) -> str:
    """`function(arguments)`, an argument per line where that is too long for one."""
    line = f"{function}({', '.join(arguments)})"
    if len(line) + len("(x)") <= LONGEST_LINE:
        return line
    return "\n".join([f"{function}(", *(f"    {one}," for one in arguments), ")"])


def literal(value: Any) -> str:
    """The value as one writes it in Python."""
    return f'"{value}"' if isinstance(value, str) else repr(value)
