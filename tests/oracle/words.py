"""The words of the field: ratings, key questions, quality statements, kinds of services."""

from __future__ import annotations

RATINGS = ("inadequate", "requires improvement", "good", "outstanding")  # worst first
UNRATED = ("not rated", "inspected but not rated", "insufficient evidence to rate")
QUESTIONS = ("safe", "effective", "caring", "responsive", "well-led")
TYPES = ("acute", "mental health", "community", "ambulance", "combined")
BASES = ("assessed", "carried over", "set from the previous rating", "not assessed")

STATEMENTS = {
    "safe": (
        "learning culture",
        "safe systems, pathways and transitions",
        "safeguarding",
        "involving people to manage risks",
        "safe environments",
        "safe and effective staffing",
        "infection prevention and control",
        "medicines optimisation",
    ),
    "effective": (
        "assessing needs",
        "delivering evidence-based care and treatment",
        "how staff, teams and services work together",
        "supporting people to live healthier lives",
        "monitoring and improving outcomes",
        "consent to care and treatment",
    ),
    "caring": (
        "kindness, compassion and dignity",
        "treating people as individuals",
        "independence, choice and control",
        "responding to people's immediate needs",
        "workforce wellbeing and enablement",
    ),
    "responsive": (
        "person-centred care",
        "care provision, integration and continuity",
        "providing information",
        "listening to and involving people",
        "equity in access",
        "equity in experiences and outcomes",
        "planning for the future",
    ),
    "well-led": (
        "shared direction and culture",
        "capable, compassionate and inclusive leaders",
        "freedom to speak up",
        "workforce equality, diversity and inclusion",
        "governance, management and sustainability",
        "partnerships and communities",
        "learning, improvement and innovation",
        "environmental sustainability – sustainable development",
    ),
}
OF_SERVICES = {
    question: names[:7] if question == "well-led" else names
    for question, names in STATEMENTS.items()
}

ADDITIONAL = "additional service"
KINDS = {
    "acute": (
        "urgent and emergency care",
        "medical care",
        "surgery",
        "critical care",
        "maternity",
        "children and young people",
        "end of life care",
        "outpatients",
    ),
    "mental health": (
        "acute wards for adults of working age and psychiatric intensive care units",
        "forensic inpatient and secure wards",
        "wards for older people with mental health problems",
        "community-based mental health services for older people",
        "mental health crisis services and health-based places of safety",
    ),
    "community": (
        "community health services for adults",
        "community health inpatient services",
        "community dental services",
        "urgent care services",
        "end of life care",
    ),
    "ambulance": (
        "emergency and urgent care",
        "emergency operations centre",
        "patient transport services",
    ),
}
KINDS["combined"] = (*KINDS["acute"][:4], *KINDS["mental health"][:2], *KINDS["community"][:2])


def rated(value: object) -> bool:
    """Whether a value is one of the four ratings."""
    return value in RATINGS
