"""The product's addresses and the floor: a template without a query, a person or a tag."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path


def floor(request: HttpRequest) -> HttpResponse:
    """The least that a page can cost on this server."""
    return render(request, "bench/floor.html")


urlpatterns = [path("bench/floor/", floor), path("", include("tracker.urls"))]
