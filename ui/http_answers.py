"""What all routes that take something share: who may send it, and how a refusal is told."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.errors import LoupeError


def same_origin(request: Request) -> bool:
    """Whether the request comes from a page of this very server."""
    origin = request.headers.get("origin")
    return origin is not None and origin.split("//")[-1] == request.headers.get("host")


def refusal(error: LoupeError, status: int) -> Response:
    """A `LoupeError` as an answer."""
    body = {"error": error.message, "next_step": error.next_step}
    return JSONResponse(body, status_code=status)
