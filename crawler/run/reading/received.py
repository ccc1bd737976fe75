"""What a server sent, as plain data that another process can make a response of again."""

from typing import Any, NamedTuple, Self

from scrapy import Request
from scrapy.http import Response


class Received(NamedTuple):
    """A response. `asked`: the address that was asked for, with its form; `arguments`: those of its callback."""

    kind: type[Response]
    url: str
    status: int
    headers: dict[bytes, list[bytes]]
    body: bytes
    asked: str
    arguments: dict[str, Any]

    @classmethod
    def of(cls, response: Response) -> Self:
        """Return what came; the arguments of its callback must be plain data."""
        request = response.request
        headers = {name: response.headers.getlist(name) for name in response.headers}
        asked, arguments = (request.url, dict(request.cb_kwargs)) if request else (response.url, {})
        return cls(type(response), response.url, response.status, headers, response.body, asked, arguments)

    def response(self) -> Any:
        """Return a response with the same content."""
        request = Request(self.asked, cb_kwargs=self.arguments)
        return self.kind(self.url, status=self.status, headers=self.headers, body=self.body, request=request)
