"""What accompanies a run without touching its pages: its account, its progress."""
