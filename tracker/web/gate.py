"""What is turned away before anything of it is read."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

from tracker.web.access import ask_to_sign_in

TYPED_BYTES = 64 * 1024
Answer = Callable[[HttpRequest], HttpResponse]


def gate(get_response: Answer) -> Answer:
    """Middleware, behind sign-in and before CSRF, which would read a form with all its files.

    Turns away a stranger's files, so that nobody fills the disk who may not even sign in, and NUL
    bytes, which no database takes and no person types.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if _has_nul(request):
            return HttpResponseBadRequest("NUL")
        if _carries_files(request) and not request.user.is_authenticated:
            return ask_to_sign_in(request)
        return get_response(request)

    return answer


def _carries_files(request: HttpRequest) -> bool:
    """A form of many parts that is longer than anybody types."""
    length = str(request.META.get("CONTENT_LENGTH", ""))
    short = length.isdigit() and int(length) <= TYPED_BYTES
    return request.content_type == "multipart/form-data" and not short


def _has_nul(request: HttpRequest) -> bool:
    address = request.path_info + str(request.META.get("QUERY_STRING", ""))
    return "\0" in address or "%00" in address or "\0" in "".join(request.COOKIES.values())
