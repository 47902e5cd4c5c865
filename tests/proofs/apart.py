"""Functions carried out in a process of their own, so that the one that goes on forking never has a database open."""

import os
import pickle
import traceback
from collections.abc import Callable
from typing import Any


def apart(task: Callable[..., Any], *arguments: Any) -> Any:
    """What a function gives in a process of its own, so that this one never has a database open when it forks."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        code = 1
        try:
            with os.fdopen(writing, "wb") as pipe:
                pickle.dump(task(*arguments), pipe)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        content = pipe.read()
    if os.waitpid(child, 0)[1]:
        raise RuntimeError(f"{task.__name__} failed in its process")
    return pickle.loads(content)
