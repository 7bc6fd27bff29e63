"""Where a form's address is opened as a page, which it is not."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import is_valid_path

Answer = Callable[[HttpRequest], HttpResponse]


def upward(get_response: Answer) -> Answer:
    """Middleware that leads a reader on to the page that an action's address hangs under.

    A refused form stands at its action's address: who reloads it there, or switches the language,
    would see nothing but an empty page.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method == "GET" and isinstance(response, HttpResponseNotAllowed):
            return redirect(page_above(request.path_info))
        return response

    return answer


def page_above(path: str) -> str:
    """The nearest address above that leads somewhere; at the end of it all the home page."""
    while path.strip("/"):
        path = path.rstrip("/").rpartition("/")[0] + "/"
        if is_valid_path(path):
            return path
    return "/"
