"""The WSGI application: `gunicorn wsgi:app`."""

import gc
import os

from config import Config
from eventsys import create_app

app = create_app(Config.from_environment(os.environ).model_dump())
# All that was made until now stays for ever: the collector need not look through it at every turn.
gc.collect()
gc.freeze()
