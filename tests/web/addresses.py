"""The names of addresses that take one thing: a plant, or one of its obligations."""

OF_A_PLANT = (
    "plant",
    *(
        "plant-history",
        "plant-package",
        "plant-files",
        "plant-holds",
        "hold-set",
        "plant-requirements",
        "plant-permits",
        "permit-add",
        "plant-projects",
        "project-add",
        "plant-planner",
        "swap-add",
        "agreement-add",
    ),
)
OF_AN_OBLIGATION = (
    *(
        "obligation",
        "obligation-upload",
        "upload-begin",
        "obligation-submit",
        "obligation-comment",
        "obligation-package",
        "obligation-reminders",
        "relief-form",
        "relief-ask",
    ),
    *("decision-correction", "decision-correction-apply"),
)
