"""Follows pages that send on by `<meta http-equiv="refresh">`, but none that only loads itself again."""

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from scrapy.http import Response


class RefreshMiddleware(MetaRefreshMiddleware):
    """Scrapy's own, which would ask for a page that refreshes itself until the redirects are used up.

    A page that leads back to where its reader came from is handed on as it is.
    """

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Return the request for the page that is sent on to; the response where there is none, or it was asked for."""
        try:
            onward = super().process_response(request, response)
        except ValueError:  # an address, or a <base>, that is none
            return response
        if isinstance(onward, Request) and onward.url in {request.url, *request.meta.get("redirect_urls", ())}:
            return response
        return onward
