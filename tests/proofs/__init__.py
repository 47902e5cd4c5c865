"""Long proofs, each with one command: `python -m tests.proofs NAME [--times N]`; a short run of each is in the suite."""
