"""Every address of the site that a person opens."""

from django.urls import path

from tracker.web.views import (
    account,
    calendar,
    evidence,
    home,
    obligations,
    outbox,
    plants,
    reliefs,
    requirements,
    review,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in/", account.sign_in, name="sign-in"),
    path("sign-out/", account.sign_out, name="sign-out"),
    path("language/", account.language, name="language"),
    path("account/", account.account, name="account"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("plants/", plants.plants, name="plants"),
    path("plants/<int:pk>/", plants.plant, name="plant"),
    path("plants/<int:pk>/history/", plants.plant_history, name="plant-history"),
    path("obligations/", obligations.obligations, name="obligations"),
    path("obligations/<int:pk>/", obligations.obligation, name="obligation"),
    path("obligations/<int:pk>/upload/", evidence.obligation_upload, name="obligation-upload"),
    path(
        "obligations/<int:pk>/files/<int:attachment_pk>/remove/",
        evidence.obligation_remove_file,
        name="obligation-remove-file",
    ),
    path("obligations/<int:pk>/submit/", evidence.obligation_submit, name="obligation-submit"),
    path("obligations/<int:pk>/relief/", reliefs.relief_form, name="relief-form"),
    path("obligations/<int:pk>/relief/ask/", reliefs.relief_ask, name="relief-ask"),
    path("reliefs/", reliefs.reliefs, name="reliefs"),
    path("reliefs/<int:pk>/", reliefs.relief, name="relief"),
    path("reliefs/<int:pk>/decide/", reliefs.relief_decide, name="relief-decide"),
    path("reliefs/<int:pk>/take-back/", reliefs.relief_take_back, name="relief-take-back"),
    path("evidence/<int:pk>/file/", evidence.evidence_file, name="evidence-file"),
    path("review/", review.review_queue, name="review-queue"),
    path("review/<int:pk>/", review.review, name="review"),
    path("review/<int:pk>/decide/", review.review_decide, name="review-decide"),
    path("requirements/", requirements.requirements, name="requirements"),
    path("requirements/<slug:code>/", requirements.requirement, name="requirement"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<int:pk>/", outbox.message, name="message"),
    path("outbox/<int:pk>/html/", outbox.message_html, name="message-html"),
]
