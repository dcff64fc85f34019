"""The DAGs of the project whose manifest IGARAPE_MANIFEST names, for Airflow."""

import os

from igarape.config import Config
from igarape.factory import build_dags
from igarape.manifest import Manifest

_config = Config.from_environment(os.environ)

for _dag in build_dags(Manifest.load(_config.manifest), _config):
    globals()[_dag.dag_id] = _dag
