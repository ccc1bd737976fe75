"""What accompanies a run without touching its pages: its report, its progress."""
