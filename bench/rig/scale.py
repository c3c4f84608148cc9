"""How large a measure is on this run."""
import os


def scale(n):
    """n jobs, shrunk by PEERS_SCALE, at least 100."""
    return max(100, int(n * float(os.environ.get("PEERS_SCALE", "1"))))
