"""What happened: events, the journal, locks, signatures, and what a run left behind."""
