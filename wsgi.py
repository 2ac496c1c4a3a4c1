"""The WSGI application: the settings of this process's environment given to the factory."""

import os

from config import Config
from eventsys import create_app

app = create_app(Config.from_environment(os.environ).model_dump())
