"""What is known: the append-only store, its questions (queries) and its acts."""
