"""A small network's weights for the browser, which computes it while one draws."""

import hashlib

from starlette.requests import Request
from starlette.responses import Response

from ui import cache

EXPORT = "core.inspection.live:export_network"


def live_network_file(request: Request) -> Response:
    """`GET /api/runs/{run}/live`: the bytes of `core.inspection.live.export_network`."""
    run = cache.run(request.path_params["run"])
    content = cache.engine().call(EXPORT, str(run.folder))
    etag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
    headers = {
        "ETag": etag,
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="application/octet-stream", headers=headers)
