"""Where providers tell what became of letters: POST /receipts/<provider>/<token>, by the setting `receipts_token`."""

import hmac

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from callboard.errors import Conflict, Unavailable
from callboard.receipts.desk import Desk
from callboard.receipts.providers import PROVIDERS, BodyInvalid
from callboard.web.form import read_body
from callboard.web.mailbox import json_answer

PREFIX = "/receipts/"
BODY_BYTES = 1024 * 1024


def routes(desk: Desk, token: str) -> list[Route]:
    """The route. Whoever does not know the token learns nothing, not even which providers there are."""

    async def receipts(request: Request) -> Response:
        name = request.path_params["provider"]
        is_known = hmac.compare_digest(request.path_params["token"].encode(), token.encode())
        if not is_known or name not in PROVIDERS:
            return json_answer({"Message": "There is no such page."}, status=404)
        try:
            body = await read_body(request, most=BODY_BYTES)
            if body is None:
                return json_answer({"Message": f"The body has more than {BODY_BYTES} bytes."}, status=413)
            await desk.take(PROVIDERS[name](body), source=name)
        except ClientDisconnect:
            return Response(status_code=400)  # Nobody is there to read it.
        except BodyInvalid as error:
            return json_answer({"Message": str(error)}, status=400)
        except (Conflict, Unavailable):
            return json_answer({"Message": "The database does not answer: send it again."}, status=503)
        return json_answer({"code": 0, "msg": "OK"})  # As Alibaba Cloud wants it; what others answer is their own.

    return [Route(f"{PREFIX}{{provider}}/{{token}}", receipts, methods=["POST"])]
