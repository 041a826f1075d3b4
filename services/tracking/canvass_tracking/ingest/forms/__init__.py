"""The public door of forms: shown, submitted and confirmed by anybody, without scripts."""
