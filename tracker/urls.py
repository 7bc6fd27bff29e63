"""The site's addresses: health for machines, the administration, and the pages."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from tracker.web.health import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health, name="healthz"),
    path("admin/", admin.site.urls),
    path("", include("tracker.web.urls")),
]

handler400 = "tracker.web.views.errors.bad_request"
handler403 = "tracker.web.views.errors.forbidden"
handler429 = "tracker.web.views.errors.too_many_requests"
handler404 = "tracker.web.views.errors.not_found"
handler500 = "tracker.web.views.errors.server_error"
