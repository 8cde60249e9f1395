"""Names of what the components put on a Rasa message. Never repeated as literals."""

NORMALISED = "normalised"  # str: casefolded, digits and letter variants unified, marks kept
FOLDED = "folded"  # str: the same without Latin and Greek diacritics
LANGUAGE = "language"  # str: tag of the language, "en" … (romanised classes mapped to it)
LANGUAGE_SCORE = "language_score"  # float 0–1
LANGUAGE_HINT = "language_hint"  # str | None: session or browser language, set by the caller
GLOSS = "gloss"  # str: word for word in English
ENCODING = "encoding"  # np.ndarray, float32, (384,), unit length; absent when the cascade stopped early
RANKING = "topic_ranking"  # list[tuple[str, float]]: five topics, probabilities, highest first
CRISIS = "crisis"  # "yes" | "maybe" | "no"
CRISIS_TOPIC = "crisis_topic"  # str | None: which of the five
