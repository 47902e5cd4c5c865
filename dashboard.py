"""The server, `app`, over pages/frame.py; run as a program, the command line."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

if __name__ == "__main__":
    from pages.terminal import run

    sys.exit(run(sys.argv[1:]))
else:
    import streamlit as st

    from pages.server import middleware, routes, started

    app = st.App(HERE / "pages" / "frame.py", lifespan=started, routes=routes(), middleware=middleware())
