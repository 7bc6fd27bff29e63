"""The addresses of a round's rooms: its manual samples and its transport."""

from django.urls import path

from tracker.web.views import (
    round_sample_forms,
    round_sample_tables,
    round_samples,
    round_transport,
    round_transport_entry,
)

_TRANSPORT = "rounds/<int:pk>/transport"
_SAMPLES = "rounds/<int:pk>/samples"
_OUTLET = f"{_SAMPLES}/<int:outlet_pk>"
_SAMPLE = f"{_OUTLET}/<int:sample_pk>"

ROUND_ROOMS = [
    path(f"{_SAMPLES}/", round_samples.round_samples, name="round-samples"),
    path(
        f"{_SAMPLES}/template/",
        round_samples.round_samples_template,
        name="round-samples-template",
    ),
    path(f"{_SAMPLES}/enter/", round_sample_tables.round_samples_enter, name="round-samples-enter"),
    path(
        f"{_SAMPLES}/enter/look/",
        round_sample_tables.round_samples_look,
        name="round-samples-look",
    ),
    path(
        f"{_SAMPLES}/enter/keep/",
        round_sample_tables.round_samples_keep,
        name="round-samples-keep",
    ),
    path(f"{_OUTLET}/", round_samples.round_outlet, name="round-outlet"),
    path(f"{_OUTLET}/add/", round_sample_forms.round_sample_add, name="round-sample-add"),
    path(f"{_OUTLET}/technology/", round_sample_forms.round_technology, name="round-technology"),
    path(
        f"{_OUTLET}/technology/set/",
        round_sample_forms.round_technology_set,
        name="round-technology-set",
    ),
    path(f"{_SAMPLE}/", round_sample_forms.round_sample, name="round-sample"),
    path(
        f"{_SAMPLE}/correct/",
        round_sample_forms.round_sample_correct,
        name="round-sample-correct",
    ),
    path(f"{_TRANSPORT}/", round_transport.round_transport, name="round-transport"),
    path(
        f"{_TRANSPORT}/template/",
        round_transport.round_transport_template,
        name="round-transport-template",
    ),
    path(
        f"{_TRANSPORT}/load/",
        round_transport_entry.round_transport_load,
        name="round-transport-load",
    ),
    path(
        f"{_TRANSPORT}/month/",
        round_transport.round_transport_month,
        name="round-transport-month",
    ),
    path(
        f"{_TRANSPORT}/month/save/",
        round_transport_entry.round_transport_month_save,
        name="round-transport-month-save",
    ),
    path(
        f"{_TRANSPORT}/fleet/",
        round_transport_entry.round_transport_fleet,
        name="round-transport-fleet",
    ),
    path(
        f"{_TRANSPORT}/fleet/save/",
        round_transport_entry.round_transport_fleet_save,
        name="round-transport-fleet-save",
    ),
]
