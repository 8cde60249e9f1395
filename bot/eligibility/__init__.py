"""Who may be considered for council housing, homelessness help and benefits: facts + rules + date → outcomes.

Rules, statuses and facts are data in `data/reference/eligibility/`; nothing here knows a law or a language.
"""
