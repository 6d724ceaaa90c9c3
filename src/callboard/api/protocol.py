"""The HTTP parser's own refusal in the API's words: clients lose an error that is no JSON (clients.md, trap 14)."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from callboard.api import wire
from callboard.api.errors import ParameterInvalid
from callboard.call import new_request_id


class Protocol(HttpToolsProtocol):
    """What uvicorn speaks on a connection, but for its answer to what is no HTTP request."""

    def send_400_response(self, msg: str) -> None:
        """Answer and close the connection, as nobody knows where the next request would begin."""
        refusal = ParameterInvalid(parameter="request")
        answer = wire.write_error(refusal, host="", request_id=new_request_id(), recommend="", is_xml=False)
        head = b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n%b: %b\r\ncontent-length: %d\r\n\r\n"
        self.transport.write(head % (*answer.content_type, len(answer.body)) + answer.body)
        self.transport.close()
        self.logger.debug(msg)
